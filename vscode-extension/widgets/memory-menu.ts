// The menus of a tile and of a byte, both of which are memory. Main entries: tileMenu, byteMenu. Called by heatmap.ts and
// hex.ts.
import { toWire, type AddressRange } from "./address.ts";
import type { Menu } from "./context-menu.ts";

/** Its actions have the tile's range as their arguments. */
export function tileMenu(
  { from, to }: Pick<AddressRange, "from" | "to">,
  x: number,
  y: number,
  copy: (text: string) => void,
): Menu {
  const memory = { from: toWire(from), to: toWire(to) };
  return {
    on: "tile",
    x,
    y,
    act: (action) => ({ action, ...(action === "drill" ? { target: memory.from } : {}), arguments: memory }),
    more: [{ title: "Copy Address", run: () => copy(memory.from) }],
    memory,
  };
}

/** So many bytes are watched where none were selected. */
const WORD = 8n;

/** What is selected around a byte is what would be watched. */
export function byteMenu(
  address: bigint,
  selected: AddressRange | undefined,
  { left: x, bottom: y }: DOMRect,
  copy: (text: string) => void,
): Menu {
  const target = toWire(address);
  return {
    on: "byte",
    x,
    y,
    act: (action) => ({ action, target }),
    more: [{ title: "Copy Address", run: () => copy(target) }],
    memory: { from: toWire(selected?.from ?? address), to: toWire(selected?.to ?? address + WORD) },
  };
}
