// A segment's label in the heat map's gutter: name, size, first address, as many lines as there is room for.
// Main entry: label. Called by heatmap.ts.
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { toWire } from "./address.ts";
import { formatBytes } from "./format.ts";
import type { Block } from "./heatmap-layout.ts";

const [TWO_LINES, THREE_LINES] = [30, 45];

export function label(block: Block, width: number, onDrill: () => void): TemplateResult {
  const { segment, range } = block;
  const name = segment.label === "" ? segment.kind : segment.label;
  const kind = segment.kind === "" || segment.kind === name ? "" : ` (${segment.kind})`;
  const size = formatBytes(Number(range.length));
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
    <div>${shortName(name)}</div>
    ${block.height < TWO_LINES ? nothing : html`<div class="size">${size}</div>`}
    ${block.height < THREE_LINES ? nothing : html`<div class="size mono">${toWire(range.from)}</div>`}
  </div>`;
}

/** A mapped file is known by its last name. */
function shortName(name: string): string {
  return name.startsWith("/") ? (name.split("/").at(-1) ?? name) : name;
}
