// What stands beside the pointer over a node: its name, its place, its figures. Main entries: nodeTooltip,
// nodeTooltipStyle. Called by the flame graph and the graph.
import { css, html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";

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

const DISTANCE = 14;
/** The room that it may need; nearer to an edge than this it goes to the other side of the pointer. */
const [WIDTH, HEIGHT] = [370, 230];

export function nodeTooltip(words: NodeWords, at: { readonly x: number; readonly y: number }): TemplateResult {
  const toLeft = at.x > window.innerWidth / 2 && at.x > window.innerWidth - WIDTH;
  const above = at.y > window.innerHeight - HEIGHT;
  const place = {
    [toLeft ? "right" : "left"]: `${(toLeft ? window.innerWidth - at.x : at.x) + DISTANCE}px`,
    [above ? "bottom" : "top"]: `${(above ? window.innerHeight - at.y : at.y) + DISTANCE}px`,
  };
  return html`<div class="tooltip" style=${styleMap(place)}>
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
  .tooltip {
    position: fixed;
    z-index: 20;
    max-width: min(360px, calc(100vw - 32px));
    padding: 8px 10px;
    border: 1px solid var(--ha-border);
    border-radius: 6px;
    background: var(--ha-float);
    box-shadow: 0 4px 16px rgb(0 0 0 / 25%);
    font-size: 12px;
    pointer-events: none;
  }
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
  .tooltip dl {
    display: grid;
    grid-template-columns: auto auto;
    gap: 2px 16px;
    margin: 6px 0 0;
  }
  .tooltip dt {
    color: var(--ha-muted);
  }
  .tooltip dd {
    margin: 0;
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
`;
