// The path of a small line without axes. Main entry: sparkPath. Called by key-figures.ts. Pure; tested without a browser.

export interface SparkPath {
  readonly line: string;
  readonly area: string;
}

/** Scaled into width × height; unknown values break the line. Empty when fewer than two values are known. */
export function sparkPath(values: Float64Array, width: number, height: number): SparkPath {
  const known = values.filter((value) => Number.isFinite(value));
  if (known.length < 2) return { line: "", area: "" };
  const [min, max] = [Math.min(...known), Math.max(...known)];
  const x = (index: number): number => round((index / (values.length - 1)) * width);
  // A value that never changes is a line in the middle.
  const y = (value: number): number => round(max > min ? height - ((value - min) / (max - min)) * height : height / 2);
  const runs: number[][] = [];
  let run: number[] | undefined;
  values.forEach((value, index) => {
    if (!Number.isFinite(value)) run = undefined;
    else if (run === undefined) runs.push((run = [index]));
    else run.push(index);
  });
  const path = (indexes: readonly number[]): string =>
    indexes.map((index, at) => `${at === 0 ? "M" : "L"}${x(index)} ${y(values[index] ?? 0)}`).join("");
  const close = (indexes: readonly number[]): string =>
    `${path(indexes)}L${x(indexes.at(-1) ?? 0)} ${height}L${x(indexes[0] ?? 0)} ${height}Z`;
  return { line: runs.map(path).join(""), area: runs.map(close).join("") };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
