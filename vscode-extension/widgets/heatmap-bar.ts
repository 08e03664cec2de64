// The heat map's bar with the metric that colours and the legend, and its tools. Main entries: bar, tools. Called by heatmap.ts, which does what
// the buttons ask for.
import { html, nothing, type TemplateResult } from "lit";
import { legend, type LegendLook } from "./heatmap-legend.ts";
import type { HeatMapModel } from "./heatmap-model.ts";

export interface BarDeeds {
  chooseMetric(id: string): void;
  switchScale(): void;
  larger(): void;
  smaller(): void;
  copyPicture(): void;
  copyCsv(): void;
}

export function bar(model: HeatMapModel, look: LegendLook, deeds: BarDeeds): TemplateResult {
  return html`<div class="bar">${metrics(model, deeds)} ${legend(model, look, () => deeds.switchScale())}</div>`;
}

export function tools(smallest: boolean, deeds: BarDeeds): TemplateResult {
  return html`<span class="tools">
    <button
      class="quiet"
      title="Smaller tiles (-)"
      aria-label="Smaller tiles"
      ?disabled=${smallest}
      @click=${() => deeds.smaller()}
    >
      −
    </button>
    <button class="quiet" title="Larger tiles (+)" aria-label="Larger tiles" @click=${() => deeds.larger()}>+</button>
    <button class="quiet" title="Copy the whole map as a picture" @click=${() => deeds.copyPicture()}>PNG</button>
    <button class="quiet" title="Copy every tile's figures as CSV" @click=${() => deeds.copyCsv()}>CSV</button>
  </span>`;
}

function metrics(model: HeatMapModel, deeds: BarDeeds): TemplateResult | typeof nothing {
  if (model.data.metrics.length < 2) return nothing;
  return html`<div class="switch" role="group" aria-label="Metric">
    ${model.data.metrics.map(
      (metric) =>
        html`<button aria-pressed=${metric.id === model.metric?.id} @click=${() => deeds.chooseMetric(metric.id)}>
          ${metric.title}
        </button>`,
    )}
  </div>`;
}
