package org.heapatlas.recording;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.heapatlas.model.Stack;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.session.HeapSource;

/**
 * Bytes and blocks by call stack: those that were live at an instant, or that were allocated in a
 * span. {@code squares} is the sum of the squared sizes, from which chance's part can be told.
 */
public record Profile(String title, List<Entry> entries) {
  public record Entry(long process, Stack stack, long bytes, long allocations, double squares) {}

  private static final String BY_SITE =
      "SELECT process, site, CAST(sum(size) AS BIGINT), count(*), sum(CAST(size AS DOUBLE) ** 2) FROM %s "
          + "GROUP BY ALL ORDER BY 3 DESC";
  private static final int STACKS_A_CALL = 1000;

  public static Profile liveAt(HeapDatabase database, HeapSource source, long nanos) {
    return of("live", "live_at(%d)".formatted(nanos), database, source);
  }

  public static Profile allocated(HeapDatabase database, HeapSource source, TimeSpan span) {
    return of(
        "allocated",
        "allocations_between(%d, %d)".formatted(span.from(), span.to()),
        database,
        source);
  }

  private record Sum(OptionalLong site, long bytes, long allocations, double squares) {}

  private static Profile of(String title, String table, HeapDatabase database, HeapSource source) {
    Map<Long, List<Sum>> sums = new LinkedHashMap<>();
    try (Answer answer = database.query(BY_SITE.formatted(table))) {
      while (answer.next()) {
        Object site = answer.value(1);
        sums.computeIfAbsent((Long) answer.value(0), process -> new ArrayList<>())
            .add(
                new Sum(
                    site == null ? OptionalLong.empty() : OptionalLong.of((Long) site),
                    (Long) answer.value(2),
                    (Long) answer.value(3),
                    (Double) answer.value(4)));
      }
    }
    List<Entry> entries = new ArrayList<>();
    sums.forEach((process, all) -> entries.addAll(resolved(source, process, all)));
    return new Profile(title, entries);
  }

  private static List<Entry> resolved(HeapSource source, long process, List<Sum> sums) {
    List<Long> sites =
        sums.stream().filter(sum -> sum.site().isPresent()).map(s -> s.site().getAsLong()).toList();
    Map<Long, Stack> stacks = new LinkedHashMap<>();
    for (int at = 0; at < sites.size(); at += STACKS_A_CALL) {
      List<Long> some = sites.subList(at, Math.min(at + STACKS_A_CALL, sites.size()));
      List<Stack> found = source.stacks(process, some);
      for (int i = 0; i < found.size(); i++) {
        stacks.put(some.get(i), found.get(i));
      }
    }
    return sums.stream()
        .map(
            sum ->
                new Entry(
                    process,
                    sum.site().isPresent()
                        ? stacks.getOrDefault(sum.site().getAsLong(), Stack.EMPTY)
                        : Stack.EMPTY,
                    sum.bytes(),
                    sum.allocations(),
                    sum.squares()))
        .toList();
  }

  public long bytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }

  public long allocations() {
    return entries.stream().mapToLong(Entry::allocations).sum();
  }
}
