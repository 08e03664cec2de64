package org.heapatlas.tests.endtoend;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.heapatlas.proto.Allocation;

/**
 * A live block: who allocated it, when in nanoseconds since the process's start, of which a table
 * keeps whole steps of {@link #STEP_NANOS}.
 */
record LiveBlock(long address, long size, long site, long nanos, int tid) {
  private static final long STEP_NANOS = 250_000_000;
  private static final int MOST_DIFFERENCES = 20;

  /** As a table keeps it. */
  LiveBlock {
    nanos -= nanos % STEP_NANOS;
  }

  private static LiveBlock of(Allocation block) {
    return new LiveBlock(
        block.getAddress(), block.getSize(), block.getSite(), block.getTime(), block.getTid());
  }

  /** The whole live table of a process, in address order. */
  static List<LiveBlock> table(Collector collector, long process) {
    return collector.allocations(process).stream().map(LiveBlock::of).toList();
  }

  /** The first blocks that are in one table and not, or another, in the other one. */
  static List<String> differences(List<LiveBlock> expected, List<LiveBlock> actual) {
    if (expected.equals(actual)) {
      return List.of();
    }
    Map<Long, LiveBlock> one = byAddress(expected);
    Map<Long, LiveBlock> other = byAddress(actual);
    Set<Long> addresses = new TreeSet<>(one.keySet());
    addresses.addAll(other.keySet());
    return addresses.stream()
        .filter(address -> !Objects.equals(one.get(address), other.get(address)))
        .map(
            address ->
                "%x: %s, and not %s".formatted(address, one.get(address), other.get(address)))
        .limit(MOST_DIFFERENCES)
        .toList();
  }

  private static Map<Long, LiveBlock> byAddress(List<LiveBlock> table) {
    return table.stream().collect(Collectors.toMap(LiveBlock::address, block -> block));
  }
}
