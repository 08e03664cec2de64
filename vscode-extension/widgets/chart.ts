// The chart: series over time on two axes, gaps shaded and named. Main entry: <heapatlas-chart>, registered for 'chart'.
// Set up by widget-host.ts. uPlot draws; axes and words come from chart-model.ts.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import uPlot from "uplot";
import { axesOf, chartCsvLines, chartSentence, sideOf, valueRange, valueTicks, xText, xTicks } from "./chart-model.ts";
import { chartStyle } from "./chart-style.ts";
import { csv, formatDuration, formatQuantity } from "./format.ts";
import { categorical } from "./palette.ts";
import type { ChartData } from "./protocol.ts";
import { registerRenderer } from "./registry.ts";
import { canvasColours, tokens, watchTheme, type CanvasColours } from "./theme.ts";
import { WidgetElement } from "./widget-element.ts";

/** uPlot's numbers of the sides of a plot; its enum exists in its types only. */
const AXIS_LEFT = 3 as uPlot.Axis.Side.Left;
const AXIS_RIGHT = 1 as uPlot.Axis.Side.Right;
const DASHES: readonly number[][] = [
  [5, 3],
  [2, 3],
];

@customElement("heapatlas-chart")
export class ChartElement extends WidgetElement<"chart"> {
  static override styles = [tokens, chartStyle];

  @state() private off: ReadonlySet<string> = new Set();
  @state() private at: number | undefined;
  @query(".plot") private place!: HTMLElement | null;

  private plot: uPlot | undefined;
  /** What the plot was made for; another shape needs another plot. */
  private shape = "";
  private zoomed = false;
  private colours: CanvasColours | undefined;
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
    this.plot?.destroy();
    this.plot = undefined;
    this.shape = "";
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
      this.plot?.destroy();
      this.zoomed = false;
      this.plot = new uPlot(this.options(data, this.colours), this.aligned(data), this.place);
    } else if (changed.has("frame")) {
      this.refill(data);
    }
  }

  /** New values; a span that the user zoomed into stays. */
  private refill(data: ChartData): void {
    this.plot?.setData(this.aligned(data), !this.zoomed);
    if (this.zoomed) this.plot?.redraw();
  }

  private aligned(data: ChartData): uPlot.AlignedData {
    const column = (values: Float64Array): (number | null)[] => Array.from(data.x, (_, i) => finite(values[i]));
    return [Array.from(data.x), ...data.series.map((series) => column(series.values))];
  }

  private fit(): void {
    if (this.place === null) return;
    const { clientWidth: width, clientHeight: height } = this.place;
    if (width > 0 && height > 0) this.plot?.setSize({ width, height });
  }

  private options(data: ChartData, colours: CanvasColours): uPlot.Options {
    const { clientWidth, clientHeight } = this.place ?? { clientWidth: 0, clientHeight: 0 };
    const axes = axesOf(data);
    return {
      width: Math.max(clientWidth, 120),
      height: Math.max(clientHeight, 80),
      legend: { show: false },
      padding: [8, axes.some((axis) => axis.side === "right") ? 0 : 14, 0, 0],
      cursor: { x: true, y: false, points: { size: 7 }, drag: { x: true, y: false } },
      scales: {
        x: { time: false },
        left: { range: (_, __, max) => valueRange(max, axes.find((a) => a.side === "left")?.unit ?? "") },
        right: { range: (_, __, max) => valueRange(max, axes.find((a) => a.side === "right")?.unit ?? "") },
      },
      series: [{}, ...data.series.map((series, index) => this.seriesOptions(data, series, index))],
      axes: [xAxis(data.xUnit, colours), ...axes.map((axis) => valueAxis(axis.side, axis.unit, colours))],
      hooks: {
        drawClear: [(plot) => drawGaps(plot, this.frame?.data?.gaps ?? [], colours)],
        setCursor: [(plot) => (this.at = plot.cursor.idx ?? undefined)],
        setSelect: [(plot) => this.selectRange(plot)],
      },
    };
  }

  private seriesOptions(data: ChartData, series: ChartData["series"][number], index: number): uPlot.Series {
    const side = sideOf(series, data.series);
    const colour = categorical(index, this.shade);
    const alone = data.series.filter((other) => sideOf(other, data.series) === "left").length === 1;
    return {
      scale: side,
      label: series.title,
      show: !this.off.has(series.id),
      stroke: colour,
      width: 1.75,
      // Those of the right axis are told apart by more than their colour; two areas would hide each other.
      ...(side === "right" ? { dash: DASHES[index % DASHES.length] } : {}),
      ...(side === "left" && alone ? { fill: `color-mix(in srgb, ${colour} 12%, transparent)` } : {}),
      points: { show: false },
      spanGaps: false,
    };
  }

  private selectRange(plot: uPlot): void {
    if (plot.select.width < 6) return;
    const from = plot.posToVal(plot.select.left, "x");
    const to = plot.posToVal(plot.select.left + plot.select.width, "x");
    this.zoomed = true;
    this.askRange({ from: Math.round(from), to: Math.round(to) });
  }

  /** The plot zooms into what it has; a server that can answers with more of it. */
  private askRange(range: Readonly<Record<string, number>>): void {
    if (this.frame?.actions.some((action) => action.id === "range") === true)
      this.act({ action: "range", arguments: range });
  }

  private wholeRange(): void {
    this.zoomed = false;
    const data = this.frame?.data;
    if (data !== undefined) this.plot?.setData(this.aligned(data));
    this.askRange({});
  }

  private toggle(id: string): void {
    const off = new Set(this.off);
    if (!off.delete(id)) off.add(id);
    this.off = off;
  }

  private onKeyDown(event: KeyboardEvent): void {
    const last = (this.frame?.data?.x.length ?? 0) - 1;
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (step === 0 || last < 0 || this.plot === undefined) return;
    event.preventDefault();
    const at = Math.min(last, Math.max(0, (this.at ?? last) + step));
    const x = this.plot.data[0][at] ?? 0;
    this.plot.setCursor({ left: this.plot.valToPos(x, "x"), top: 0 });
  }

  protected override render(): TemplateResult | typeof nothing {
    const data = this.frame?.data;
    if (data === undefined) return nothing;
    return html`
      <div class="bar">
        ${data.series.map((series, index) => this.renderKey(data, series, index))}
        <span class="at">${this.renderAt(data)}</span>
        <button
          class="quiet"
          title="Copy the series as CSV"
          @click=${() => void this.copyText(csv(chartCsvLines(data)), "The series")}
        >
          CSV
        </button>
      </div>
      <div
        class="plot"
        role="img"
        tabindex="0"
        aria-label="${this.frame?.title ?? "Chart"}. ${chartSentence(data)}"
        @keydown=${(event: KeyboardEvent) => this.onKeyDown(event)}
        @dblclick=${() => this.wholeRange()}
      ></div>
    `;
  }

  private renderKey(data: ChartData, series: ChartData["series"][number], index: number): TemplateResult {
    const right = sideOf(series, data.series) === "right";
    const shown = this.at ?? lastKnown(series.values);
    const axis = axesOf(data).length > 1 ? (right ? ", right axis" : ", left axis") : "";
    return html`<button
      class="series ${right ? "dashed" : ""}"
      aria-pressed=${!this.off.has(series.id)}
      title="Show or hide ${series.title}${axis}"
      @click=${() => this.toggle(series.id)}
    >
      <span class="key" style=${styleMap({ borderTopColor: categorical(index, this.shade) })}></span>${series.title}
      <span class="value">${formatQuantity(series.values[shown] ?? Number.NaN, series.unit)}</span>
    </button>`;
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

function finite(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function lastKnown(values: Float64Array): number {
  return values.findLastIndex((value) => Number.isFinite(value));
}

function xAxis(unit: string, colours: CanvasColours): uPlot.Axis {
  return {
    ...axisLook(colours),
    size: 26,
    splits: (plot, _, min, max) => xTicks(min, max, plot.bbox.width / devicePixelRatio, unit),
    values: (_, splits) => splits.map((value) => xText(value, (splits[1] ?? 0) - (splits[0] ?? 0), unit)),
  };
}

function valueAxis(side: "left" | "right", unit: string, colours: CanvasColours): uPlot.Axis {
  return {
    ...axisLook(colours),
    scale: side,
    side: side === "left" ? AXIS_LEFT : AXIS_RIGHT,
    size: 66,
    // One grid: the left axis's.
    grid: side === "left" ? { stroke: colours.border, width: 1 } : { show: false },
    splits: (plot, _, min, max) => valueTicks(min, max, plot.bbox.height / devicePixelRatio, unit),
    values: (_, splits) => splits.map((value) => formatQuantity(value, unit)),
  };
}

function axisLook(colours: CanvasColours): uPlot.Axis {
  return {
    stroke: colours.muted,
    font: `11px ${colours.font}`,
    gap: 4,
    grid: { show: false },
    ticks: { stroke: colours.border, width: 1, size: 4 },
    border: { show: true, stroke: colours.border, width: 1 },
  };
}

/** Grey bands, each with its title: along it where there is room, else upright. */
function drawGaps(plot: uPlot, gaps: ChartData["gaps"], colours: CanvasColours): void {
  const { ctx: context, bbox } = plot;
  const ratio = devicePixelRatio;
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  context.font = `${11 * ratio}px ${colours.font}`;
  context.fillStyle = colours.muted;
  for (const gap of gaps) {
    const left = plot.valToPos(gap.from, "x", true);
    const width = Math.max(2 * ratio, plot.valToPos(gap.to, "x", true) - left);
    context.globalAlpha = 0.16;
    context.fillRect(left, bbox.top, width, bbox.height);
    context.globalAlpha = 1;
    drawGapTitle(context, gap.title, { middle: left + width / 2, top: bbox.top + 8 * ratio, width, ratio });
  }
  context.restore();
}

interface Band {
  readonly middle: number;
  readonly top: number;
  readonly width: number;
  readonly ratio: number;
}

function drawGapTitle(context: CanvasRenderingContext2D, title: string, { middle, top, width, ratio }: Band): void {
  const length = context.measureText(title).width;
  if (width < 13 * ratio) return;
  context.save();
  context.textBaseline = "middle";
  context.translate(middle, top);
  if (length + 8 * ratio < width) {
    context.textAlign = "center";
    context.fillText(title, 0, 6 * ratio);
  } else {
    context.textAlign = "right";
    context.rotate(-Math.PI / 2);
    context.fillText(title, 0, 0);
  }
  context.restore();
}
