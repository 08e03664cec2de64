// What stands beside the pointer over a node: its name, its place, its figures. Main entries: nodeTooltip,
// nodeTooltipStyle. Called by the flame graph and the graph.
import { css, html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { besidePointer } from "./tooltip-box.ts";

export interface NodeFigure {
  readonly title: string;
  readonly text: string;
  readonly exact: string;
}
export interface NodeWords {
  readonly title: string;
  /** Empty where nothing is known of it. */
  readonly place: string;
  readonly figures: readonly NodeFigure[];
}

export function nodeTooltip(words: NodeWords, at: { readonly x: number; readonly y: number }): TemplateResult {
  return html`<div class="tooltip" style=${styleMap(besidePointer(at))}>
    <div class="name">${words.title}</div>
    ${words.place === "" ? nothing : html`<div class="place">${words.place}</div>`}
    <dl>
      ${words.figures.map(
        ({ title, text, exact }) =>
          html`<dt>${title}</dt>
            <dd title=${exact}>${text}</dd>`,
      )}
    </dl>
  </div>`;
}

export const nodeTooltipStyle = css`
  .tooltip .name {
    display: -webkit-box;
    overflow: hidden;
    font-family: var(--ha-mono);
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 5;
  }
  .tooltip .place {
    color: var(--ha-muted);
    font-size: 11px;
    overflow-wrap: anywhere;
  }
`;
