// The time of a session that runs, between its frames too, for none comes while nothing changes. Main entries: tell, at. Pure.
// Must hold: it never runs back. A frame that was long on its way tells an earlier instant than was reckoned until it came.
const NANOS_IN_MILLI = 1e6;

export class LiveClock {
  private told: { readonly nanos: number; readonly came: number } | undefined;

  /** A frame's instant, in nanoseconds, and when it came, in milliseconds; the instant that it is taken for. */
  tell(nanos: number, came: number): number {
    const taken = Math.max(nanos, this.at(came) ?? nanos);
    this.told = { nanos: taken, came };
    return taken;
  }

  /** Undefined while no session runs. */
  at(millis: number): number | undefined {
    return this.told && this.told.nanos + (millis - this.told.came) * NANOS_IN_MILLI;
  }

  stop(): void {
    this.told = undefined;
  }
}
