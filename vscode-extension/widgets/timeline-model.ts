// The timeline's data as paths and words: where a time lies on the page, and what stands there. Main entries: timeScale,
// lanePath, valueAt, stepOf, timelineSentence. Called by timeline.ts. Pure; tested without a browser.
import { formatCount, formatDuration, formatQuantity } from "./format.ts";
import type { FrameTime, Span } from "./protocol.ts";
import type { Lane, TimelineData } from "./timeline-data.ts";

/** Between times and pixels, both ways; a time outside stands at the end. */
export interface TimeScale {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  pixel(nanos: number): number;
  nanos(pixel: number): number;
}

export function timeScale({ from, to }: Pick<FrameTime, "from" | "to">, width: number): TimeScale {
  const length = Math.max(1, to - from);
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  return {
    from,
    to: from + length,
    width,
    pixel: (nanos) => (within(nanos - from, length) / length) * width,
    nanos: (pixel) => Math.round(from + (within(pixel, width) / Math.max(1, width)) * length),
  };
}

export function peakOf(lane: Lane): number {
  return lane.values.reduce((most, value) => (value > most ? value : most), 0);
}

/** An SVG path from the lane's floor up, against its peak; where a value is not known it lies on the floor. */
export function lanePath(lane: Lane, x: Float64Array, scale: TimeScale, height: number): string {
  const peak = peakOf(lane) || 1;
  const points: string[] = [];
  const at = (nanos: number): string => scale.pixel(nanos).toFixed(1);
  let last = height;
  for (let i = 0; i < x.length; i++) {
    const value = lane.values[i] ?? Number.NaN;
    const y = height - (Number.isFinite(value) ? value / peak : 0) * (height - 1);
    if (i === 0) points.push(`M${at(x[0] ?? 0)} ${height}`);
    if (lane.shape === "step" && i > 0) points.push(`L${at(x[i] ?? 0)} ${last.toFixed(1)}`);
    points.push(`L${at(x[i] ?? 0)} ${y.toFixed(1)}`);
    last = y;
  }
  if (points.length > 0) points.push(`L${at(x[x.length - 1] ?? 0)} ${height}Z`);
  return points.join("");
}

/** The lane's value at a time: that of the last point before it. */
export function valueAt(lane: Lane, x: Float64Array, nanos: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= nanos) low = middle + 1;
    else high = middle;
  }
  return lane.values[Math.max(0, low - 1)] ?? Number.NaN;
}

/** How far an arrow key goes: a hundredth of the whole time. */
export function stepOf(scale: TimeScale): number {
  return Math.max(1, (scale.to - scale.from) / 100);
}

export function gapAt(gaps: readonly Span[], nanos: number): Span | undefined {
  return gaps.find(({ from, to }) => from <= nanos && nanos < to);
}

/** To a thousandth, so that neighbouring instants read differently. */
export function instantText(nanos: number): string {
  return nanos >= 1e9 && nanos < 60e9 ? `${(nanos / 1e9).toFixed(3)} s` : formatDuration(nanos);
}

export function spanText({ from, to }: Pick<Span, "from" | "to">): string {
  return `${instantText(from)} – ${instantText(to)} (${formatDuration(to - from)})`;
}

/** What stands at a time, a line each. */
export function linesAt(data: TimelineData, nanos: number): string[] {
  const gap = gapAt(data.gaps, nanos);
  return [
    ...data.lanes.map((lane) => `${lane.title}: ${formatQuantity(valueAt(lane, data.x, nanos), lane.unit)}`),
    ...(gap === undefined ? [] : [`Gap: ${gap.title}`]),
  ];
}

/** One sentence for those who do not see the picture. */
export function timelineSentence(data: TimelineData, time: FrameTime): string {
  const lanes = data.lanes.map((lane) => `${lane.title} up to ${formatQuantity(peakOf(lane), lane.unit)}`);
  const gaps = data.gaps.length === 0 ? "" : `; ${data.gaps.length} ${data.gaps.length === 1 ? "gap" : "gaps"}`;
  const marks = data.marks === undefined ? "" : `; ${data.marks.title}: ${formatCount(data.marks.total)}`;
  return `From ${instantText(time.from)} to ${instantText(time.to)}: ${lanes.join(", ")}${gaps}${marks}.`;
}

export function timelineCsvLines(data: TimelineData): string[][] {
  const cell = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? "" : String(value));
  return [
    ["time (ns)", ...data.lanes.map((lane) => `${lane.title} (${lane.unit || "count"})`)],
    ...Array.from(data.x, (x, at) => [String(x), ...data.lanes.map((lane) => cell(lane.values[at]))]),
  ];
}
