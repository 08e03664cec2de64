package org.heapatlas.collector;

import java.util.Comparator;
import java.util.List;
import org.heapatlas.model.ClockOffset;

/**
 * A node's clock against that of the server that recorded it, as it was measured now and then;
 * without a measurement the two are taken as one. Between two measurements the offset goes straight
 * from one to the other; before the first and behind the last it is theirs. Main entries: at,
 * toServer, toNode. Instants are nanoseconds since 1970.
 */
record ClockSeries(List<ClockOffset> measured) {
  static final ClockSeries UNKNOWN = new ClockSeries(List.of());

  /** Offsets change so slowly that each step leaves a millionth of the error before. */
  private static final int STEPS = 3;

  ClockSeries {
    measured = measured.stream().sorted(Comparator.comparingLong(ClockOffset::at)).toList();
  }

  boolean isKnown() {
    return !measured.isEmpty();
  }

  /**
   * At an instant of the server's clock; there is a measurement. Its error is that of the
   * measurements beside it, and how far they are from what lies between them: the clock may have
   * gone from one to the other at once.
   */
  ClockOffset at(long instant) {
    int next = 0;
    while (next < measured.size() && measured.get(next).at() < instant) {
      next++;
    }
    if (next == 0 || next == measured.size()) {
      ClockOffset nearest = measured.get(Math.min(next, measured.size() - 1));
      return new ClockOffset(instant, nearest.offset(), nearest.error());
    }
    return between(measured.get(next - 1), measured.get(next), instant);
  }

  private static ClockOffset between(ClockOffset before, ClockOffset after, long instant) {
    double part = (double) (instant - before.at()) / (after.at() - before.at());
    long offset = before.offset() + Math.round(part * (after.offset() - before.offset()));
    long moved = Math.max(Math.abs(offset - before.offset()), Math.abs(after.offset() - offset));
    return new ClockOffset(instant, offset, Math.max(before.error(), after.error()) + moved);
  }

  /** The largest error at any measured instant or between; there is a measurement. */
  long largestError() {
    long largest = 0;
    for (int i = 0; i < measured.size(); i++) {
      ClockOffset each = measured.get(i);
      ClockOffset next = measured.get(Math.min(i + 1, measured.size() - 1));
      long moved = Math.abs(next.offset() - each.offset());
      largest = Math.max(largest, Math.max(each.error(), next.error()) + moved);
    }
    return largest;
  }

  /** What the server's clock showed when the node's showed this. */
  long toServer(long node) {
    if (!isKnown()) {
      return node;
    }
    long server = node - measured.getFirst().offset();
    for (int step = 0; step < STEPS; step++) {
      server = node - at(server).offset();
    }
    return server;
  }

  /** What the node's clock showed when the server's showed this. */
  long toNode(long server) {
    return isKnown() ? server + at(server).offset() : server;
  }
}
