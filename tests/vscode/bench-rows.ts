// Rows of the table of ./heapatlas bench vscode, appended to the file that HEAPATLAS_TABLE names as they are measured, so that
// the benchmarks may be several processes. Main entries: say, sayTimes.
import { appendFile } from "node:fs/promises";

export async function say(what: string, ...figures: string[]): Promise<void> {
  await appendFile(process.env["HEAPATLAS_TABLE"] ?? "/dev/stdout", `| ${what} | ${figures.join(" | ")} |\n`);
}

export async function sayTimes(what: string, millis: readonly number[]): Promise<void> {
  const times = String(millis.length);
  await say(what, `${quantile(millis, 0.5).toFixed(0)} ms`, `${quantile(millis, 0.99).toFixed(0)} ms`, times);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
