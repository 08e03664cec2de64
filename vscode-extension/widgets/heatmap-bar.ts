// The heat map's bar with the metric that colours and the legend, and its tools. Main entries: bar, tools, and
// metricSwitch, which the scene has too. Called by heatmap.ts, which does what the buttons ask for.
import { html, nothing, type TemplateResult } from "lit";
import { legend, type LegendLook } from "./heatmap-legend.ts";
import type { HeatMapModel } from "./heatmap-model.ts";
import type { Metric } from "./protocol.ts";

export interface BarDeeds {
  chooseMetric(id: string): void;
  switchScale(): void;
  larger(): void;
  smaller(): void;
}

export function bar(model: HeatMapModel, look: LegendLook, deeds: BarDeeds): TemplateResult {
  return html`<div class="bar">
    ${metricSwitch(model.data.metrics, model.metric?.id, (id) => deeds.chooseMetric(id))}
    ${legend(model.scale, model.tileWords(), look, () => deeds.switchScale())}
  </div>`;
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
  </span>`;
}

export function metricSwitch(
  metrics: readonly Metric[],
  chosen: string | undefined,
  choose: (id: string) => void,
): TemplateResult | typeof nothing {
  if (metrics.length < 2) return nothing;
  return html`<div class="switch" role="group" aria-label="Metric">
    ${metrics.map(
      ({ id, title }) => html`<button aria-pressed=${id === chosen} @click=${() => choose(id)}>${title}</button>`,
    )}
  </div>`;
}
