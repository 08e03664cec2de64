package org.heapatlas.collector;

import java.time.Instant;
import java.util.function.LongSupplier;
import org.heapatlas.model.ClockOffset;
import org.heapatlas.model.Problem;

/**
 * Measures how far another machine's clock is ahead of ours, by asking for its time. It was read
 * between the question and the answer, so that half a round trip bounds the error, however the way
 * there and the way back differ; the shortest of some round trips bounds it best.
 */
final class ClockProbe {
  private static final int PROBES = 8;
  private static final long NANOS = 1_000_000_000;

  private ClockProbe() {}

  /** Since 1970. */
  static long realNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * NANOS + now.getNano();
  }

  /** {@code theirs} asks the other machine. */
  static ClockOffset measure(LongSupplier theirs) {
    return measure(theirs, ClockProbe::realNanos);
  }

  static ClockOffset measure(LongSupplier theirs, LongSupplier ours) {
    ClockOffset best = null;
    for (int probe = 0; probe < PROBES; probe++) {
      long before = ours.getAsLong();
      long there = theirs.getAsLong();
      long roundTrip = ours.getAsLong() - before;
      long error = roundTrip / 2 + 1;
      boolean wasSet = roundTrip < 0; // our own clock, meanwhile
      if (!wasSet && (best == null || error < best.error())) {
        long middle = before + roundTrip / 2;
        best = new ClockOffset(middle, there - middle, error);
      }
    }
    if (best == null) {
      throw Problem.failed("the clock of this machine is set all the time; let it run");
    }
    return best;
  }
}
