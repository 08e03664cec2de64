// A small histogram in a table's cell. Main entries: sparkBars, sparkBarStyle. Called by table.ts.
import { css, svg, html, type TemplateResult } from "lit";

const WIDTH = 132;
const HEIGHT = 20;

/** A bar a value, against the largest; the last stands apart, for it counts what the others cannot. */
export function barHeights(values: Float64Array, height: number): number[] {
  const most = values.reduce((peak, value) => (value > peak ? value : peak), 0);
  // What is there can be seen, however little it is.
  return Array.from(values, (value) => (value > 0 ? Math.max(1.5, (value / most) * height) : 0));
}

export function sparkBars(values: Float64Array): TemplateResult {
  const step = WIDTH / (values.length + 0.5);
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} aria-hidden="true">
    ${barHeights(values, HEIGHT - 1).map((height, at) => {
      const last = at === values.length - 1;
      const x = at * step + (last ? step / 2 : 0);
      return svg`<rect class=${last ? "last" : ""} x=${x.toFixed(1)} y=${(HEIGHT - height).toFixed(1)} width=${Math.max(1, step - 1).toFixed(1)} height=${height.toFixed(1)}></rect>`;
    })}
  </svg>`;
}

export const sparkBarStyle = css`
  .spark {
    display: block;
    border-bottom: 1px solid var(--ha-border);
    fill: #0072b2;
  }
  .spark .last {
    fill: #e69f00;
  }
`;
