// Round values at which an axis or a legend is labelled. Main entries: linearTicks, logTicks. Called by the heat map's
// legend and the chart's axes. `base` is 1024 for bytes, so that a tick reads 512 KiB and not 500,000 B.

/** The least of 1, 2, 5 × 10ⁿ, or of 2ⁿ for bytes, that is not below `rough`. */
export function niceStep(rough: number, base: 10 | 1024): number {
  if (!(rough > 0)) return 1;
  if (base === 1024) return 2 ** Math.ceil(Math.log2(rough) - 1e-9);
  const power = 10 ** Math.floor(Math.log10(rough));
  const part = rough / power;
  return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

// Adding 0 turns the −0 that rounding up leaves into 0.
/** Multiples of a round step in [min, max], about `count` of them. */
export function linearTicks(min: number, max: number, count: number, base: 10 | 1024): number[] {
  if (!Number.isFinite(min) || !Number.isFinite(max) || max <= min || count < 1) return [];
  const step = niceStep((max - min) / count, base);
  const ticks: number[] = [];
  for (let n = Math.ceil(min / step - 1e-9); n * step <= max * (1 + 1e-12); n++) ticks.push(n * step + 0);
  return ticks;
}

/** Powers of ten, or of two for bytes, in [min, max], at most `count`. */
export function logTicks(min: number, max: number, count: number, base: 10 | 1024): number[] {
  if (!(min > 0) || !(max > min) || count < 1) return [];
  const root = base === 1024 ? 2 : 10;
  const exponentOf = (value: number): number => Math.log(value) / Math.log(root);
  const first = Math.ceil(exponentOf(min) - 1e-9);
  const last = Math.floor(exponentOf(max) + 1e-9);
  const stride = Math.max(1, Math.ceil((last - first + 1) / count));
  const ticks: number[] = [];
  for (let exponent = Math.ceil(first / stride) * stride; exponent <= last; exponent += stride)
    ticks.push(root ** exponent);
  return ticks;
}

const SECOND = 1e9;
const TIME_STEPS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  1e3,
  2e3,
  5e3,
  1e4,
  2e4,
  5e4,
  1e5,
  2e5,
  5e5,
  1e6,
  2e6,
  5e6,
  1e7,
  2e7,
  5e7,
  1e8,
  2e8,
  5e8,
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  60 * SECOND,
  120 * SECOND,
  300 * SECOND,
  600 * SECOND,
  1800 * SECOND,
  3600 * SECOND,
] as const;

/** Times in nanoseconds at which clocks are read: 1, 2, 5, 10, 15, 30 seconds, whole minutes, whole hours. */
export function timeTicks(min: number, max: number, count: number): number[] {
  if (!Number.isFinite(min) || !Number.isFinite(max) || max <= min || count < 1) return [];
  const rough = (max - min) / count;
  const step = TIME_STEPS.find((s) => s >= rough) ?? 3600 * SECOND * Math.ceil(rough / (3600 * SECOND));
  const ticks: number[] = [];
  for (let n = Math.ceil(min / step - 1e-9); n * step <= max; n++) ticks.push(n * step + 0);
  return ticks;
}
