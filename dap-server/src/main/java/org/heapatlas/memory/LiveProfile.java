package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.heapatlas.model.Address;
import org.heapatlas.model.LifetimeColumns;
import org.heapatlas.model.Stack;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.recording.Profile;
import org.heapatlas.session.HeapSource;

/** What was live of a recorded process at an instant, by call stack. */
final class LiveProfile {
  private static final int STACKS_A_CALL = 1000;

  private LiveProfile() {}

  /** A site's live blocks, as they are added up. */
  private static final class Sum {
    private long bytes;
    private long allocations;
    private double squares;

    void add(long size) {
      bytes += size;
      allocations++;
      squares += (double) size * size;
    }
  }

  /** {@code done}: how much of the reading is done before this half of it. */
  static Profile at(
      HeapSource source, long process, long nanos, LongReading.Course<?> course, double done) {
    course.soFar(null, done);
    LifetimeColumns.Query query =
        new LifetimeColumns.Query(
            EnumSet.of(LifetimeColumns.Column.SIZE, LifetimeColumns.Column.SITE),
            TimeSpan.ALL,
            OptionalLong.of(nanos),
            new Address.Range(0, 0));
    Map<Long, Sum> sums = new HashMap<>();
    try (HeapSource.Parts<LifetimeColumns> parts = source.lifetimes(process, query)) {
      course.closing(parts);
      for (Optional<LifetimeColumns> part = parts.next(); part.isPresent(); part = parts.next()) {
        for (int row = 0; row < part.get().rows(); row++) {
          sums.computeIfAbsent((long) part.get().site()[row], site -> new Sum())
              .add(part.get().size()[row]);
        }
        course.soFar(null, done + 0.25);
      }
    }
    return profile(source, process, sums);
  }

  private static Profile profile(HeapSource source, long process, Map<Long, Sum> sums) {
    List<Long> sites = sums.keySet().stream().sorted().toList();
    List<Profile.Entry> entries = new ArrayList<>();
    for (int at = 0; at < sites.size(); at += STACKS_A_CALL) {
      List<Long> some = sites.subList(at, Math.min(at + STACKS_A_CALL, sites.size()));
      List<Stack> stacks = source.stacks(process, some);
      for (int i = 0; i < some.size(); i++) {
        Sum sum = sums.get(some.get(i));
        Stack stack = i < stacks.size() ? stacks.get(i) : Stack.EMPTY;
        entries.add(new Profile.Entry(process, stack, sum.bytes, sum.allocations, sum.squares));
      }
    }
    return new Profile("live", entries);
  }
}
