// What stands over a heat map's tiles: the cursor, the tile under the pointer, a range that is dragged or selected.
// Main entries: tileMark, runMarks, selectionMarks. Called by heatmap.ts.
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { fromWire, isWireAddress } from "./address.ts";
import type { HeatMapLayout } from "./heatmap-layout.ts";
import type { Selection } from "./protocol.ts";
import { tileSides } from "./tile-painter.ts";

export function tileMark(
  layout: HeatMapLayout,
  tile: number | undefined,
  kind: "cursor" | "hover",
): TemplateResult | typeof nothing {
  const corner = tile === undefined ? undefined : layout.cornerOf(tile);
  if (corner === undefined) return nothing;
  const { width, height } = tileSides(layout);
  const box = { left: `${corner.x}px`, top: `${corner.y}px`, width: `${width}px`, height: `${height}px` };
  return html`<div class=${kind} style=${styleMap(box)}></div>`;
}

/** From one tile up to and with another, a mark for each row. */
export function runMarks(
  layout: HeatMapLayout,
  { from, to }: { readonly from: number; readonly to: number },
  kind: "drag" | "selection",
): TemplateResult[] {
  return layout.runs(from, to).map(({ x, y, width }) => {
    const box = { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${layout.cellHeight}px` };
    return html`<div class=${kind} style=${styleMap(box)}></div>`;
  });
}

export function selectionMarks(layout: HeatMapLayout, selection: Selection | undefined): TemplateResult[] {
  const { from = "", to = "" } = selection ?? {};
  if (!isWireAddress(from) || !isWireAddress(to)) return [];
  const tiles = layout.tilesOf(fromWire(from), fromWire(to));
  return tiles === undefined ? [] : runMarks(layout, { from: tiles.first, to: tiles.last }, "selection");
}
