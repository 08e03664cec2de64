// What a key does on the bytes. Main entry: keyAction. Called by hex.ts. Pure; tested without a browser.

/** Moves the cursor. */
export type HexMove =
  | { readonly kind: "move"; readonly by: bigint }
  | { readonly kind: "page"; readonly by: -1 | 1 }
  | { readonly kind: "row"; readonly end: boolean }
  | { readonly kind: "mapping"; readonly end: boolean };
export type HexKey =
  | HexMove
  | { readonly kind: "digit"; readonly digit: string }
  | { readonly kind: "go" | "search" | "enter" | "back" | "forward" | "escape" | "erase" | "copy" };

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export function keyAction({ key, ctrlKey, metaKey, altKey }: Pressed, columns: number): HexKey | undefined {
  if (ctrlKey || metaKey) return withControl(key);
  if (altKey) return key === "ArrowLeft" ? { kind: "back" } : key === "ArrowRight" ? { kind: "forward" } : undefined;
  switch (key) {
    case "ArrowLeft":
      return { kind: "move", by: -1n };
    case "ArrowRight":
      return { kind: "move", by: 1n };
    case "ArrowUp":
      return { kind: "move", by: BigInt(-columns) };
    case "ArrowDown":
      return { kind: "move", by: BigInt(columns) };
    case "PageUp":
      return { kind: "page", by: -1 };
    case "PageDown":
      return { kind: "page", by: 1 };
    case "Home":
      return { kind: "row", end: false };
    case "End":
      return { kind: "row", end: true };
    case "Enter":
      return { kind: "enter" };
    case "Escape":
      return { kind: "escape" };
    case "Backspace":
      return { kind: "erase" };
    default:
      return /^[0-9a-fA-F]$/.test(key) ? { kind: "digit", digit: key } : undefined;
  }
}

function withControl(key: string): HexKey | undefined {
  switch (key) {
    case "g":
    case "G":
      return { kind: "go" };
    case "f":
    case "F":
      return { kind: "search" };
    case "c":
    case "C":
      return { kind: "copy" };
    case "Home":
      return { kind: "mapping", end: false };
    case "End":
      return { kind: "mapping", end: true };
    default:
      return undefined;
  }
}
