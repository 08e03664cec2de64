// The box beside the pointer: where it stands, and how it looks. Main entries: besidePointer, tooltipStyle. Called by what
// each widget says in it.
import { css } from "lit";
import type { StyleInfo } from "lit/directives/style-map.js";

const DISTANCE = 14;
/** The room that it may need; nearer to an edge than this it goes to the other side of the pointer. */
const [WIDTH, HEIGHT] = [370, 270];

/** at: the pointer, in CSS pixels of the window. */
export function besidePointer(at: { readonly x: number; readonly y: number }): StyleInfo {
  const toLeft = at.x > window.innerWidth / 2 && at.x > window.innerWidth - WIDTH;
  const above = at.y > window.innerHeight / 2 && at.y > window.innerHeight - HEIGHT;
  return {
    [toLeft ? "right" : "left"]: `${(toLeft ? window.innerWidth - at.x : at.x) + DISTANCE}px`,
    [above ? "bottom" : "top"]: `${(above ? window.innerHeight - at.y : at.y) + DISTANCE}px`,
  };
}

export const tooltipStyle = css`
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
