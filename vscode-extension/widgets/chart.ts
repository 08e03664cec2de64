// The chart: series over time, one lane an axis, all with one time and one cursor; gaps shaded and named. Main entry:
// <heapatlas-chart>, registered for 'chart'. Set up by widget-host.ts. uPlot draws; axes and words come from
// chart-model.ts, what is drawn over a lane from chart-lane.ts.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import uPlot from "uplot";
import { aligned, drawGaps, lastKnown, valueAxis, xAxis } from "./chart-lane.ts";
import { axesOf, chartCsvLines, chartSentence, isDashed, seriesOf, valueRange, type Axis } from "./chart-model.ts";
import { chartStyle } from "./chart-style.ts";
import { csv, formatDuration, formatQuantity } from "./format.ts";
import { categorical } from "./palette.ts";
import type { ChartData, Series } from "./protocol.ts";
import { registerRenderer } from "./registry.ts";
import { canvasColours, tokens, watchTheme, type CanvasColours } from "./theme.ts";
import { WidgetElement } from "./widget-element.ts";

let nextChart = 0;

@customElement("heapatlas-chart")
export class ChartElement extends WidgetElement<"chart"> {
  static override styles = [tokens, chartStyle];

  @state() private off: ReadonlySet<string> = new Set();
  @state() private at: number | undefined;
  @query(".lanes") private place!: HTMLElement | null;

  private plots: uPlot[] = [];
  /** What the plots were made for; another shape needs other plots. */
  private shape = "";
  /** The span that the user zoomed into. */
  @state() private span: { readonly from: number; readonly to: number } | undefined;
  private colours: CanvasColours | undefined;
  /** Cursor and zoom of all lanes are one. */
  private readonly together = uPlot.sync(`heapatlas-chart-${nextChart++}`);
  private readonly resized = new ResizeObserver(() => this.fit());
  private themed: { dispose(): void } | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.themed = watchTheme(() => this.readTheme());
    this.readTheme();
    if (this.place !== null) this.resized.observe(this.place);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.themed?.dispose();
    this.resized.disconnect();
    this.destroyPlots();
    this.shape = "";
  }

  override asText(): string {
    const data = this.frame?.data;
    return data === undefined ? "" : csv(chartCsvLines(data));
  }

  private readTheme(): void {
    if (!this.hasUpdated) return;
    this.colours = canvasColours(this);
    this.shape = "";
    this.requestUpdate();
  }

  private get shade(): "dark" | "light" {
    return this.colours?.shade ?? "light";
  }

  protected override firstUpdated(): void {
    if (this.place !== null) this.resized.observe(this.place);
    this.readTheme();
  }

  protected override updated(changed: PropertyValues): void {
    const data = this.frame?.data;
    if (data === undefined || this.place === null || this.colours === undefined) return;
    const shape = JSON.stringify([data.xUnit, data.series.map((s) => [s.id, s.title, s.unit, s.axis]), [...this.off]]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.makePlots(data, this.colours);
    } else if (changed.has("frame")) {
      this.refill(data);
    }
  }

  private makePlots(data: ChartData, colours: CanvasColours): void {
    this.destroyPlots();
    const lanes = [...(this.place?.querySelectorAll<HTMLElement>(".lane") ?? [])];
    const axes = axesOf(data);
    this.plots = axes.map((axis, at) => {
      const place = lanes[at] as HTMLElement;
      return new uPlot(this.options(data, axis, at === axes.length - 1, colours), aligned(data, axis), place);
    });
    this.fit();
    this.showSpan();
  }

  private destroyPlots(): void {
    for (const plot of this.plots) {
      this.together.unsub(plot);
      plot.destroy();
    }
    this.plots = [];
  }

  /** New values; a span that the user zoomed into stays. */
  private refill(data: ChartData): void {
    axesOf(data).forEach((axis, at) => this.plots[at]?.setData(aligned(data, axis), this.span === undefined));
    this.showSpan();
  }

  private showSpan(): void {
    if (this.span === undefined) return;
    for (const plot of this.plots) plot.setScale("x", { min: this.span.from, max: this.span.to });
  }

  private fit(): void {
    for (const plot of this.plots) {
      const { clientWidth: width, clientHeight: height } = plot.root.parentElement ?? plot.root;
      if (width > 0 && height > 0) plot.setSize({ width, height });
    }
  }

  private options(data: ChartData, axis: Axis, last: boolean, colours: CanvasColours): uPlot.Options {
    return {
      width: Math.max(this.place?.clientWidth ?? 0, 120),
      height: 80,
      legend: { show: false },
      padding: [8, 14, last ? 0 : 6, 0],
      cursor: {
        x: true,
        y: false,
        points: { size: 7 },
        drag: { x: true, y: false },
        sync: { key: this.together.key, setSeries: false },
      },
      scales: { x: { time: false }, y: { range: (_, __, max) => valueRange(max, axis.unit) } },
      series: [{}, ...seriesOf(data, axis.side).map((series, at) => this.seriesOptions(data, series, at))],
      axes: [xAxis(data.xUnit, last, colours), valueAxis(axis.unit, colours)],
      hooks: {
        drawClear: [(plot) => drawGaps(plot, this.frame?.data?.gaps ?? [], colours, axis.side === "left")],
        setCursor: [(plot) => (this.at = plot.cursor.idx ?? undefined)],
        setSelect: [(plot) => this.selectRange(plot)],
      },
    };
  }

  /** The first of a lane is an area; a later one a line, dashed where it may lie on the first. */
  private seriesOptions(data: ChartData, series: Series, at: number): uPlot.Series {
    const colour = categorical(data.series.indexOf(series), this.shade);
    return {
      scale: "y",
      label: series.title,
      show: !this.off.has(series.id),
      stroke: colour,
      width: 1.75,
      ...(at === 0
        ? { fill: `color-mix(in srgb, ${colour} 14%, transparent)` }
        : isDashed(series, data)
          ? { dash: [4, 3] }
          : {}),
      points: { show: false },
      spanGaps: false,
    };
  }

  private selectRange(plot: uPlot): void {
    if (plot.select.width < 6) return;
    const from = Math.round(plot.posToVal(plot.select.left, "x"));
    const to = Math.round(plot.posToVal(plot.select.left + plot.select.width, "x"));
    // Each lane reports the same selection.
    if (this.span?.from === from && this.span.to === to) return;
    this.span = { from, to };
    this.askRange({ from, to });
  }

  /** The plots zoom into what they have; a server that can answers with more of it. */
  private askRange(range: Readonly<Record<string, number>>): void {
    if (this.frame?.actions.some((action) => action.id === "range") === true)
      this.act({ action: "range", arguments: range });
  }

  private wholeRange(): void {
    if (this.span === undefined) return;
    this.span = undefined;
    const data = this.frame?.data;
    if (data !== undefined) this.refill(data);
    this.askRange({});
  }

  private zoomBy(factor: number): void {
    const x = this.frame?.data?.x;
    if (x === undefined || x.length < 2) return;
    const [first, last] = [x[0] ?? 0, x[x.length - 1] ?? 0];
    const { from, to } = this.span ?? { from: first, to: last };
    const middle = this.at === undefined ? (from + to) / 2 : (x[this.at] ?? (from + to) / 2);
    const next = { from: middle - (middle - from) * factor, to: middle + (to - middle) * factor };
    if (next.from <= first && next.to >= last) {
      this.wholeRange();
      return;
    }
    this.span = { from: Math.max(first, Math.round(next.from)), to: Math.min(last, Math.round(next.to)) };
    this.showSpan();
    this.askRange(this.span);
  }

  private toggle(id: string): void {
    const off = new Set(this.off);
    if (!off.delete(id)) off.add(id);
    this.off = off;
  }

  private onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (step !== 0) this.moveCursor(step * (event.shiftKey ? 10 : 1));
    else if (event.key === "+" || event.key === "=") this.zoomBy(0.5);
    else if (event.key === "-") this.zoomBy(2);
    else if (event.key === "Escape" && this.span !== undefined) this.wholeRange();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private moveCursor(step: number): void {
    const [plot] = this.plots;
    const last = (plot?.data[0].length ?? 0) - 1;
    if (plot === undefined || last < 0) return;
    const at = Math.min(last, Math.max(0, (this.at ?? last) + step));
    plot.setCursor({ left: plot.valToPos(plot.data[0][at] ?? 0, "x"), top: 0 });
  }

  protected override render(): TemplateResult | typeof nothing {
    const data = this.frame?.data;
    if (data === undefined) return nothing;
    return html`
      <div
        class="lanes"
        role="application"
        aria-roledescription="chart"
        tabindex="0"
        aria-label="${this.frame?.title ?? "Chart"}. ${chartSentence(data)} Arrow keys move the cursor, plus and minus zoom."
        @keydown=${(event: KeyboardEvent) => this.onKeyDown(event)}
        @dblclick=${() => this.wholeRange()}
      >
        ${axesOf(data).map(
          ({ side }, at) =>
            html`<div class="bar">
                ${seriesOf(data, side).map((series) => this.renderKey(data, series))}
                ${at === 0 ? this.renderTools(data) : nothing}
              </div>
              <div class="lane ${side}"></div>`,
        )}
      </div>
      <div class="visually-hidden" role="status">${this.cursorWords(data)}</div>
    `;
  }

  private renderTools(data: ChartData): TemplateResult {
    return html`<span class="tools">
      <span class="at">${this.renderAt(data)}</span>
      ${
        this.span === undefined
          ? nothing
          : html`<button title="Show the whole time again (Esc)" @click=${() => this.wholeRange()}>Whole time</button>`
      }
    </span>`;
  }

  private renderKey(data: ChartData, series: Series): TemplateResult {
    const shown = this.at ?? lastKnown(series.values);
    return html`<button
      class="series ${isDashed(series, data) ? "dashed" : ""}"
      aria-pressed=${!this.off.has(series.id)}
      title="Show or hide ${series.title}"
      @click=${() => this.toggle(series.id)}
    >
      <span
        class="key"
        style=${styleMap({ borderTopColor: categorical(data.series.indexOf(series), this.shade) })}
      ></span
      >${series.title}
      <span class="value">${formatQuantity(series.values[shown] ?? Number.NaN, series.unit)}</span>
    </button>`;
  }

  private cursorWords(data: ChartData): string {
    const { at } = this;
    if (at === undefined) return "";
    const values = data.series.map((s) => `${s.title} ${formatQuantity(s.values[at] ?? Number.NaN, s.unit)}`);
    return `${this.renderAt(data)}: ${values.join(", ")}`;
  }

  private renderAt(data: ChartData): string {
    const x = this.at === undefined ? undefined : data.x[this.at];
    if (x === undefined) return "";
    const gap = data.gaps.find((span) => span.from <= x && x < span.to);
    const time = data.xUnit === "" || data.xUnit === "ns" ? formatDuration(x) : formatQuantity(x, data.xUnit);
    return gap === undefined ? `at ${time}` : `at ${time}: ${gap.title}`;
  }
}
registerRenderer("chart", "heapatlas-chart");
