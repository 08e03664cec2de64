// One lane of the chart as uPlot takes it: its columns, its axes, the gaps behind its lines. Main entries: aligned, xAxis,
// valueAxis, drawGaps. Called by chart.ts.
import type uPlot from "uplot";
import { seriesOf, valueTicks, xText, xTicks, type Axis } from "./chart-model.ts";
import { formatQuantity } from "./format.ts";
import type { ChartData } from "./protocol.ts";
import type { CanvasColours } from "./theme.ts";

/** Room for the values at the left; the same in each lane, so that their times stand below each other. */
const VALUE_AXIS = 66;

export function aligned(data: ChartData, axis: Axis): uPlot.AlignedData {
  const column = (values: Float64Array): (number | null)[] => Array.from(data.x, (_, i) => finite(values[i]));
  return [Array.from(data.x), ...seriesOf(data, axis.side).map((series) => column(series.values))];
}

function finite(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

export function lastKnown(values: Float64Array): number {
  return values.findLastIndex((value) => Number.isFinite(value));
}

/** The lowest lane has the times; the others have its grid. */
export function xAxis(unit: string, last: boolean, colours: CanvasColours): uPlot.Axis {
  return {
    ...axisLook(colours),
    size: last ? 26 : 0,
    grid: { stroke: colours.border, width: 1, dash: [1, 3] },
    ...(last ? {} : { ticks: { show: false } }),
    splits: (plot, _, min, max) => xTicks(min, max, plot.bbox.width / devicePixelRatio, unit),
    values: (_, splits) => splits.map((value) => (last ? xText(value, (splits[1] ?? 0) - (splits[0] ?? 0), unit) : "")),
  };
}

export function valueAxis(unit: string, colours: CanvasColours): uPlot.Axis {
  return {
    ...axisLook(colours),
    scale: "y",
    size: VALUE_AXIS,
    grid: { stroke: colours.border, width: 1 },
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

/** Grey bands, in one lane each with its title: along it where there is room, else upright. */
export function drawGaps(plot: uPlot, gaps: ChartData["gaps"], colours: CanvasColours, titled: boolean): void {
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
    if (titled) drawGapTitle(context, gap.title, { middle: left + width / 2, top: bbox.top + 8 * ratio, width, ratio });
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
