// When a window of bytes is asked for. Main entry: AskedWindow. Called by hex.ts. Pure; tested without a browser. Must hold: a
// view that was opened anew, and so knows no size of ours, is asked again; one that does not grant a size is not asked for it
// on and on.
export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

export class AskedWindow {
  private asked = "";
  private shown = "";
  private visit = -1;

  /**
   * What the newest frame has. A view changes its size only to the one that was asked for; with another one, or with fewer
   * journeys behind it, it has begun anew, which its journeys alone do not say: they may have come as far as before.
   */
  show(size: WindowSize, visit: number): void {
    const shown = text(size);
    if (shown !== this.shown || visit < this.visit) this.asked = "";
    this.shown = shown;
    this.visit = visit;
  }

  /** Whether it is to be asked for now; it counts as asked for then. */
  wants(size: WindowSize): boolean {
    const wanted = text(size);
    if (wanted === this.asked) return false;
    this.asked = wanted;
    return wanted !== this.shown;
  }
}

function text({ columns, rows }: WindowSize): string {
  return `${columns} × ${rows}`;
}
