// What stands beside the pointer over a heat map. Main entry: tooltip. Called by heatmap.ts.
import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import type { FigureWords, TileWords } from "./heatmap-model.ts";

const DISTANCE = 14;
/** The room that it may need; nearer to an edge than this it goes to the other side of the pointer. */
const [WIDTH, HEIGHT] = [330, 270];

export function tooltip(words: TileWords, at: { readonly x: number; readonly y: number }): TemplateResult {
  const toLeft = at.x > window.innerWidth - WIDTH;
  const above = at.y > window.innerHeight - HEIGHT;
  const place = {
    [toLeft ? "right" : "left"]: `${(toLeft ? window.innerWidth - at.x : at.x) + DISTANCE}px`,
    [above ? "bottom" : "top"]: `${(above ? window.innerHeight - at.y : at.y) + DISTANCE}px`,
  };
  return html`<div class="tooltip" style=${styleMap(place)}>
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
