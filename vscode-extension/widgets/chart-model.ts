// A chart's data as axes, marks and words. Main entries: axesOf, seriesOf, chartSentence. Called by chart.ts. Pure; tested without a browser.
// Series with one unit share an axis; a chart has two, left and right, each drawn as a lane of its own.
import { linearTicks, timeTicks } from "./axis-ticks.ts";
import { formatQuantity, isBytes } from "./format.ts";
import type { ChartData, Series } from "./protocol.ts";

export type Side = "left" | "right";

export interface Axis {
  readonly side: Side;
  readonly unit: string;
  readonly titles: readonly string[];
}

export function isTime(unit: string): boolean {
  return unit === "ns" || unit === "";
}

/** The side that the series names, else by its unit: the first unit left, any other right. */
export function sideOf(series: Series, all: readonly Series[]): Side {
  if (series.axis === "left" || series.axis === "right") return series.axis;
  return series.unit === all[0]?.unit ? "left" : "right";
}

export function seriesOf(data: ChartData, side: Side): Series[] {
  return data.series.filter((series) => sideOf(series, data.series) === side);
}

/** Rates come in pairs that lie on each other: the later ones are told apart by more than their colour. */
export function isDashed(series: Series, data: ChartData): boolean {
  const side = sideOf(series, data.series);
  return side === "right" && seriesOf(data, side)[0] !== series;
}

export function axesOf(data: ChartData): Axis[] {
  return (["left", "right"] as const).flatMap((side) => {
    const mine = seriesOf(data, side);
    const first = mine[0];
    return first === undefined ? [] : [{ side, unit: first.unit, titles: mine.map((series) => series.title) }];
  });
}

/** From zero up to a little above the largest value: what is drawn is an amount, and amounts start at none. */
export function valueRange(max: number, unit: string): [min: number, max: number] {
  if (!(max > 0)) return [0, 1];
  const ticks = linearTicks(0, max, 4, baseOf(unit));
  const step = (ticks[1] ?? max) - (ticks[0] ?? 0);
  return [0, Math.ceil(max / step - 1e-9) * step];
}

export function valueTicks(min: number, max: number, height: number, unit: string): number[] {
  return linearTicks(min, max, Math.max(2, Math.floor(height / 42)), baseOf(unit));
}

export function xTicks(min: number, max: number, width: number, unit: string): number[] {
  const count = Math.max(2, Math.floor(width / 80));
  return isTime(unit) ? timeTicks(min, max, count) : linearTicks(min, max, count, baseOf(unit));
}

/** Clock times for axis labels: 0:05, 1:30, 1:00:00; below a second in ms and µs. */
export function xText(value: number, step: number, unit: string): string {
  if (!isTime(unit)) return formatQuantity(value, unit);
  if (step < 1e9) return formatQuantity(value, "ns");
  const seconds = Math.round(value / 1e9);
  const two = (part: number): string => part.toString().padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function baseOf(unit: string): 10 | 1024 {
  return isBytes(unit.replace(/\/s$/, "")) ? 1024 : 10;
}

/** One sentence for those who do not see the picture. */
export function chartSentence(data: ChartData): string {
  const lines = data.series.map((series) => {
    const known = series.values.filter((value) => Number.isFinite(value));
    if (known.length === 0) return `${series.title}: no value`;
    const words = (value: number | undefined): string => formatQuantity(value ?? Number.NaN, series.unit);
    return `${series.title}: now ${words(known.at(-1))}, from ${words(Math.min(...known))} to ${words(Math.max(...known))}`;
  });
  const gaps =
    data.gaps.length === 0 ? "" : ` ${data.gaps.length} ${data.gaps.length === 1 ? "gap" : "gaps"} in the record.`;
  return `${lines.join("; ")}.${gaps}`;
}

export function chartCsvLines(data: ChartData): string[][] {
  const head = [
    `x (${data.xUnit === "" ? "ns" : data.xUnit})`,
    ...data.series.map((s) => `${s.title} (${s.unit || "count"})`),
  ];
  const cell = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? "" : String(value));
  return [head, ...Array.from(data.x, (x, at) => [String(x), ...data.series.map((s) => cell(s.values[at]))])];
}
