// The words beside and between a heat map's blocks: a segment's name, size and first address, as many lines as there is
// room for, and what of the address space is left out between two of them. Main entries: label, gap. Called by heatmap.ts.
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { toWire } from "./address.ts";
import { formatBytes } from "./format.ts";
import { gapHeight, type Block, type HeatMapLayout } from "./heatmap-layout.ts";

const [TWO_LINES, THREE_LINES] = [30, 45];
const READABLE_GAP = 12;

export function label(block: Block, width: number, onDrill: () => void): TemplateResult {
  const { segment, range } = block;
  const name = segment.label === "" ? segment.kind : segment.label;
  const kind = segment.kind === "" || segment.kind === name ? "" : ` (${segment.kind})`;
  const size = formatBytes(Number(range.length));
  const address = toWire(range.from);
  const drill = (event: Event): void => {
    event.stopPropagation();
    onDrill();
  };
  return html`<div
    class="label"
    title="${name}${kind}: ${range.toString()}, ${size}, ${formatBytes(segment.tileBytes)} a tile; double-click looks closer"
    style=${styleMap({ top: `${block.y}px`, width: `${width}px`, maxHeight: `${block.height}px` })}
    @dblclick=${drill}
  >
    <div class="name">
      <span>${shortName(name)}</span>${block.height < THREE_LINES ? html`<span class="size">${size}</span>` : nothing}
    </div>
    ${block.height < THREE_LINES ? nothing : html`<div class="size">${size}</div>`}
    ${block.height < TWO_LINES ? nothing : html`<div class="size mono">${address}</div>`}
  </div>`;
}

/** A line across the tiles, above a block that does not follow the one before. */
export function gap(block: Block, layout: HeatMapLayout): TemplateResult | typeof nothing {
  if (block.leftOut === 0n) return nothing;
  const height = gapHeight(layout.blocks.length);
  const words = `${formatBytes(Number(block.leftOut))} not shown`;
  const width = layout.columns * layout.cellWidth;
  return html`<div
    class="gap"
    title="${words}: address space without tiles of this map"
    style=${styleMap({ top: `${block.y - height}px`, left: `${layout.gutter}px`, width: `${width}px`, height: `${height}px` })}
  >
    ${height < READABLE_GAP ? nothing : html`<span>${words}</span>`}
  </div>`;
}

/** A mapped file is known by its last name. */
function shortName(name: string): string {
  return name.startsWith("/") ? (name.split("/").at(-1) ?? name) : name;
}
