// Figures over the last minutes, noted once a second of the session's time. Main entries: History, isGrowing. Pure. Must
// hold: a session that jumps in time, or is another one, begins a new history, for its figures would stand side by side as if
// nothing lay between them.
const STEP_NANOS = 1e9;
/** A frame may come a little late; what skips more steps was moved in time. */
const MOST_STEPS = 5;
const MOST_VALUES = 120;
const LEAST_TO_JUDGE = 8;
const LEAST_GROWTH = 1.05;

export class History {
  private readonly series = new Map<string, number[]>();
  private last: number | undefined;

  /** All figures as of now, in nanoseconds; what is not among them is forgotten. */
  note(now: number, figures: Iterable<readonly [key: string, value: number]>): void {
    if (this.last !== undefined && (now < this.last || now - this.last > MOST_STEPS * STEP_NANOS)) this.clear();
    if (this.last !== undefined && now - this.last < STEP_NANOS) return;
    this.last = now;
    const noted = new Set<string>();
    for (const [key, value] of figures) {
      noted.add(key);
      const values = this.series.get(key) ?? [];
      values.push(value);
      if (values.length > MOST_VALUES) values.shift();
      this.series.set(key, values);
    }
    for (const key of this.series.keys()) {
      if (!noted.has(key)) this.series.delete(key);
    }
  }

  values(key: string): readonly number[] {
    return this.series.get(key) ?? [];
  }

  clear(): void {
    this.series.clear();
    this.last = undefined;
  }
}

/** Whether it rises in each third, and by more than noise in all. */
export function isGrowing(values: readonly number[]): boolean {
  if (values.length < LEAST_TO_JUDGE) return false;
  const at = (part: number): number => values[Math.round((values.length - 1) * part)] ?? 0;
  const [first, second, third, last] = [at(0), at(1 / 3), at(2 / 3), at(1)];
  return first < second && second < third && third < last && last > first * LEAST_GROWTH;
}
