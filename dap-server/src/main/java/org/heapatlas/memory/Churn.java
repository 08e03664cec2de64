package org.heapatlas.memory;

import java.util.Arrays;
import java.util.List;
import org.heapatlas.model.Tiles;

/**
 * Allocations a second in each tile, from what the tiles had counted a moment ago. Main entries:
 * update, then paint. Called by the heap map for each frame. Counts are kept by address, so that
 * they stay comparable when the map grows; tiles of another size begin anew.
 */
final class Churn {
  private static final long SPAN_NANOS = 1_000_000_000;

  /** What tiles had counted at a time, in address order. */
  private record Counts(long tileBytes, long time, long[] address, double[] count) {
    static Counts of(List<Tiles> runs, long tileBytes) {
      int tiles = runs.stream().mapToInt(run -> run.index().length).sum();
      long[] address = new long[tiles];
      double[] count = new double[tiles];
      int at = 0;
      for (Tiles run : runs) {
        for (int i = 0; i < run.index().length; i++, at++) {
          address[at] = run.from() + run.index()[i] * tileBytes;
          count[at] = Integer.toUnsignedLong(run.allocations()[i]);
        }
      }
      return new Counts(tileBytes, runs.isEmpty() ? 0 : runs.getLast().now(), address, count);
    }

    double at(long wanted) {
      int found = Arrays.binarySearch(address, wanted);
      return found < 0 ? 0 : count[found];
    }
  }

  private Counts before;
  private Counts rates;

  void update(List<Tiles> runs, long tileBytes) {
    Counts now = Counts.of(runs, tileBytes);
    if (before == null || before.tileBytes != tileBytes) {
      before = now;
      rates = null;
    } else if (now.time - before.time >= SPAN_NANOS) {
      double seconds = (now.time - before.time) / 1e9;
      double[] rate = new double[now.address.length];
      for (int i = 0; i < rate.length; i++) {
        rate[i] = Math.max(0, now.count[i] - before.at(now.address[i])) / seconds;
      }
      rates = new Counts(tileBytes, now.time, now.address, rate);
      before = now;
    }
  }

  /** Writes the rates of a run's tiles into a column that holds nothing yet, from an index on. */
  void paint(TilePlan.Run run, long tileBytes, long[] column, int start) {
    if (rates == null) {
      return;
    }
    int first = Arrays.binarySearch(rates.address, run.from());
    for (int i = first < 0 ? -first - 1 : first; i < rates.address.length; i++) {
      if (rates.address[i] >= run.to()) {
        return;
      }
      int tile = start + (int) ((rates.address[i] - run.from()) / tileBytes);
      column[tile] = Math.round(rates.count[i]);
    }
  }
}
