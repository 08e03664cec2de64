// The rows of a window of bytes: address, bytes, letters. Main entry: grid. Called by hex.ts, which has the cursor.
import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { styleMap } from "lit/directives/style-map.js";
import { toWire } from "./address.ts";
import type { Edit, HexModel } from "./hex-model.ts";
import { hexByte } from "./hex-model.ts";
import { categorical } from "./palette.ts";

/** What stands out in the grid beside the bytes themselves; indices count from the window's first byte. */
export interface GridLook {
  readonly cursor: number | undefined;
  readonly chosen: { readonly first: number; readonly last: number } | undefined;
  readonly edit: Edit | undefined;
  readonly shade: "dark" | "light";
}

export function grid(model: HexModel, look: GridLook, label: string): TemplateResult {
  const { columns } = model.data;
  const width = toWire(model.addressOf(model.data.bytes.length)).length;
  return html`<div
    class="grid"
    role="grid"
    aria-label=${label}
    aria-readonly=${look.edit === undefined}
    aria-colcount=${columns + 1}
    aria-rowcount="-1"
  >
    <div class="line head" role="row">
      <span class="address" role="columnheader"><span class="visually-hidden">Address</span></span>
      ${Array.from(
        { length: columns },
        (_, column) =>
          html`<span class="cell ${column === columns - 1 ? "last" : ""}" role="columnheader"
            >${hexByte(column)}</span
          >`,
      )}
    </div>
    ${Array.from({ length: model.rows }, (_, row) => line(model, look, row, width))}
  </div>`;
}

function line(model: HexModel, look: GridLook, row: number, width: number): TemplateResult {
  const { columns, bytes } = model.data;
  const first = row * columns;
  const indices = Array.from({ length: Math.min(columns, bytes.length - first) }, (_, column) => first + column);
  return html`<div class="line" role="row">
    <span class="address" role="rowheader"
      >0x${model
        .addressOf(first)
        .toString(16)
        .padStart(width - 2, "0")}</span
    >
    ${indices.map((index, column) => cell(model, look, index, column === columns - 1))}
    <span class="letters" aria-hidden="true">${indices.map((index) => letter(model, look, index))}</span>
  </div>`;
}

function cell(model: HexModel, look: GridLook, index: number, last: boolean): TemplateResult {
  const { data } = model;
  const span = model.spanAt(index);
  const edges = model.edges(index);
  const typed = look.edit?.textAt(model.addressOf(index));
  const text = typed ?? model.byteText(index);
  const changed = data.changed[index] === 1;
  const unreadable = data.unreadable[index] === 1;
  const classes = {
    cell: true,
    last,
    top: edges?.top === true,
    right: edges?.right === true,
    bottom: edges?.bottom === true,
    left: edges?.left === true,
    freed: span?.kind === "freed",
    unreadable,
    zero: text === "00",
    pointer: model.pointerAt(index) !== undefined,
    changed,
    chosen: isChosen(look, index),
    edited: typed !== undefined,
    cursor: index === look.cursor,
  };
  const words = unreadable ? "not readable" : `${text}${changed ? ", changed" : ""}`;
  return html`<span
    class=${classMap(classes)}
    style=${edges === undefined || span === undefined ? nothing : styleMap(blockColours(model, span.owner, look.shade))}
    role="gridcell"
    tabindex=${index === (look.cursor ?? 0) ? 0 : -1}
    data-index=${index}
    aria-label=${words}
    aria-selected=${isChosen(look, index)}
    >${text}</span
  >`;
}

function letter(model: HexModel, look: GridLook, index: number): TemplateResult {
  const classes = {
    letter: true,
    changed: model.data.changed[index] === 1,
    chosen: isChosen(look, index),
    cursor: index === look.cursor,
  };
  return html`<span class=${classMap(classes)} data-index=${index}>${model.letter(index)}</span>`;
}

function isChosen({ chosen }: GridLook, index: number): boolean {
  return chosen !== undefined && chosen.first <= index && index <= chosen.last && chosen.first < chosen.last;
}

/** One colour an owner; the outline says the same to who cannot see it. */
export function blockColours(
  model: HexModel,
  owner: string,
  shade: "dark" | "light",
): Readonly<Record<string, string>> {
  const colour = categorical(Math.max(0, model.owners.indexOf(owner)), shade);
  return { "--block": colour, "--fill": `color-mix(in srgb, ${colour} 13%, transparent)` };
}
