package org.heapatlas.memory;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.heapatlas.model.Address;
import org.heapatlas.model.LifetimeColumns;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.Timeline;
import org.heapatlas.session.HeapSource;

/**
 * How long blocks lived, by call site: buckets of powers of two nanoseconds, and one of those still
 * live at the end. Main entry: read, which streams over all lifetimes and keeps the sums alone.
 */
record LifetimeHistograms(Map<Integer, Histogram> sites, Histogram all) {
  /** Bucket i below STILL_LIVE holds lifetimes in [2^i, 2^(i+1)) ns; the first also those of 0. */
  static final int STILL_LIVE = 63;

  private static final long SHOWN_EACH = 1 << 20;

  /** {@code span}: when blocks began. */
  record Question(long process, TimeSpan span) {}

  /** What fell into each bucket; not changed once it is shown. */
  record Histogram(long[] allocations, long[] bytes) {
    Histogram() {
      this(new long[STILL_LIVE + 1], new long[STILL_LIVE + 1]);
    }

    void add(int bucket, long size) {
      allocations[bucket]++;
      bytes[bucket] += size;
    }

    Histogram copy() {
      return new Histogram(allocations.clone(), bytes.clone());
    }

    long sumOfAllocations() {
      return sum(allocations);
    }

    long sumOfBytes() {
      return sum(bytes);
    }

    private static long sum(long[] values) {
      long sum = 0;
      for (long value : values) {
        sum += value;
      }
      return sum;
    }

    /** The bucket in which the median of those that were released lies, or nothing. */
    Optional<Integer> median() {
      long released = sumOfAllocations() - allocations[STILL_LIVE];
      long seen = 0;
      for (int bucket = 0; bucket < STILL_LIVE; bucket++) {
        seen += allocations[bucket];
        if (released > 0 && 2 * seen >= released) {
          return Optional.of(bucket);
        }
      }
      return Optional.empty();
    }
  }

  static int bucket(long nanos) {
    return nanos < 1
        ? 0
        : Math.min(STILL_LIVE - 1, Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos));
  }

  static LifetimeHistograms read(
      HeapSource source, Question question, LongReading.Course<LifetimeHistograms> course) {
    Timeline there = source.timeline(question.process());
    double length = Math.max(1, there.endNanos() - there.firstNanos());
    LifetimeColumns.Query query =
        new LifetimeColumns.Query(
            EnumSet.of(
                LifetimeColumns.Column.SIZE,
                LifetimeColumns.Column.SITE,
                LifetimeColumns.Column.BEGIN_NANOS,
                LifetimeColumns.Column.END_NANOS),
            question.span(),
            OptionalLong.empty(),
            new Address.Range(0, 0));
    Map<Integer, Histogram> sums = new HashMap<>();
    long rows = 0;
    long shown = 0;
    try (HeapSource.Parts<LifetimeColumns> parts = source.lifetimes(question.process(), query)) {
      course.closing(parts);
      for (Optional<LifetimeColumns> part = parts.next(); part.isPresent(); part = parts.next()) {
        add(sums, part.get());
        rows += part.get().rows();
        if (rows - shown >= SHOWN_EACH || shown == 0) {
          shown = rows;
          course.soFar(of(sums), done(part.get(), there, length));
        }
      }
    }
    return of(sums);
  }

  private static void add(Map<Integer, Histogram> sums, LifetimeColumns part) {
    for (int row = 0; row < part.rows(); row++) {
      long end = part.endNanos()[row];
      int bucket = end == -1 ? STILL_LIVE : bucket(end - part.beginNanos()[row]);
      sums.computeIfAbsent(part.site()[row], site -> new Histogram()).add(bucket, part.size()[row]);
    }
  }

  /** Rows come in the order of their release; what is still live comes last. */
  private static double done(LifetimeColumns part, Timeline there, double length) {
    long end = part.rows() == 0 ? -1 : part.endNanos()[part.rows() - 1];
    return end == -1 ? 0.99 : Math.clamp((end - there.firstNanos()) / length, 0, 0.99);
  }

  private static LifetimeHistograms of(Map<Integer, Histogram> sums) {
    Map<Integer, Histogram> copy = new HashMap<>();
    Histogram all = new Histogram();
    sums.forEach(
        (site, histogram) -> {
          copy.put(site, histogram.copy());
          for (int bucket = 0; bucket <= STILL_LIVE; bucket++) {
            all.allocations()[bucket] += histogram.allocations()[bucket];
            all.bytes()[bucket] += histogram.bytes()[bucket];
          }
        });
    return new LifetimeHistograms(copy, all);
  }
}
