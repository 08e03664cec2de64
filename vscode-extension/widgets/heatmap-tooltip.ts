// What stands beside the pointer over a heat map. Main entry: tooltip. Called by heatmap.ts.
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { FigureWords, TileWords } from "./heatmap-model.ts";
import { besidePointer } from "./tooltip-box.ts";

export function tooltip(words: TileWords, at: { readonly x: number; readonly y: number }): TemplateResult {
  return html`<div class="tooltip" style=${styleMap(besidePointer(at))}>
    <div><strong>${words.region}</strong> · ${words.size}</div>
    <div class="address">${words.range}</div>
    ${list(words.figures)}
    ${
      words.resident.length === 0
        ? nothing
        : html`<div class="of">In memory of the whole region</div>
            ${list(words.resident)}`
    }
  </div>`;
}

function list(figures: readonly FigureWords[]): TemplateResult {
  return html`<dl>
    ${figures.map(
      (figure) =>
        html`<dt>${figure.title}</dt>
          <dd title=${figure.exact}>${figure.text}</dd>`,
    )}
  </dl>`;
}
