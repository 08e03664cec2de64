// Key figures: one card a figure, with its course as a small line, and the notices below. Main entry:
// <heapatlas-key-figures>, registered for 'keyFigures'. Set up by widget-host.ts.
import { css, html, nothing, svg, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { csv, formatExactly, formatQuantity } from "./format.ts";
import type { Figure } from "./protocol.ts";
import { registerRenderer } from "./registry.ts";
import { sparkPath } from "./sparkline.ts";
import { tokens } from "./theme.ts";
import { WidgetElement } from "./widget-element.ts";

const [SPARK_WIDTH, SPARK_HEIGHT] = [100, 22];

@customElement("heapatlas-key-figures")
export class KeyFiguresElement extends WidgetElement<"keyFigures"> {
  static override styles = [
    tokens,
    css`
      :host {
        display: block;
      }
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(148px, 1fr));
        gap: 8px;
        margin: 0;
      }
      .card {
        display: flex;
        flex-direction: column;
        min-width: 0;
        padding: 8px 12px 0;
        overflow: hidden;
        border: 1px solid var(--ha-border);
        border-radius: 8px;
        background: var(--ha-ground);
      }
      dt {
        overflow: hidden;
        color: var(--ha-muted);
        font-size: 12px;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      dd {
        margin: 0;
      }
      .value {
        font-size: 21px;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
        letter-spacing: -0.01em;
        white-space: nowrap;
      }
      .note {
        min-height: 17px;
        overflow: hidden;
        color: var(--ha-muted);
        font-size: 12px;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      svg {
        display: block;
        width: calc(100% + 24px);
        height: ${SPARK_HEIGHT + 2}px;
        margin: 4px -12px 0;
        overflow: visible;
      }
      .line {
        fill: none;
        stroke: var(--ha-accent);
        stroke-width: 1.5;
        vector-effect: non-scaling-stroke;
      }
      .area {
        fill: color-mix(in srgb, var(--ha-accent) 16%, transparent);
      }
      .notices {
        margin: 8px 0 0;
        padding: 0;
        list-style: none;
        color: var(--ha-warning);
        font-size: 12px;
      }
      .notices li::before {
        content: "⚠ ";
      }
      @media (max-width: 480px) {
        .cards {
          grid-template-columns: repeat(2, 1fr);
        }
        .value {
          font-size: 18px;
        }
      }
      /* A side bar: a line each, so that there is room for what stands below. */
      @media (max-width: 340px) {
        .cards {
          display: block;
          padding: 4px 12px;
        }
        .card {
          display: grid;
          grid-template-columns: 1fr max-content;
          padding: 2px 0;
          border: 0;
          border-radius: 0;
        }
        .value {
          font-size: 13px;
        }
        .note,
        svg {
          display: none;
        }
        .notices {
          margin: 0;
          padding: 0 12px 4px;
        }
      }
    `,
  ];

  override asText(): string {
    const figures = this.frame?.data?.figures ?? [];
    const lines = figures.map(({ title, value, unit, text }) => [title, String(value), unit, text]);
    return csv([["figure", "value", "unit", "note"], ...lines]);
  }

  protected override render(): TemplateResult | typeof nothing {
    const data = this.frame?.data;
    if (data === undefined) return nothing;
    return html`
      <dl class="cards">${data.figures.map(renderFigure)}</dl>
      ${
        data.notices.length === 0
          ? nothing
          : html`<div role="status">
              <ul class="notices">
                ${data.notices.map((notice) => html`<li>${notice}</li>`)}
              </ul>
            </div>`
      }
    `;
  }
}
registerRenderer("keyFigures", "heapatlas-key-figures");

function renderFigure(figure: Figure): TemplateResult {
  const value = formatQuantity(figure.value, figure.unit);
  return html`<div class="card" title="${figure.title}: ${formatExactly(figure.value, figure.unit)}">
    <dt>${figure.title}</dt>
    <dd class="value">${value}</dd>
    <dd class="note" title=${figure.text}>${figure.text}</dd>
    ${renderSpark(figure)}
  </div>`;
}

function renderSpark(figure: Figure): TemplateResult {
  const { line, area } = sparkPath(figure.spark, SPARK_WIDTH, SPARK_HEIGHT);
  return html`<svg viewBox="0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<path class="area" d=${area}></path><path class="line" d=${line}></path>`}
  </svg>`;
}
