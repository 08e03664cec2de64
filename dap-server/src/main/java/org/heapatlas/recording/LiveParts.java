package org.heapatlas.recording;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.LifetimeColumns;
import org.heapatlas.session.HeapSource;

/** The live allocations of a process that is not recorded, as lifetimes that are not over. */
final class LiveParts implements HeapSource.Parts<LifetimeColumns> {
  private static final int ROWS = 8192;

  private final HeapSource source;
  private final long process;
  private final LifetimeColumns.Query query;
  private long from;
  private volatile boolean over;

  LiveParts(HeapSource source, long process, LifetimeColumns.Query query) {
    this.source = source;
    this.process = process;
    this.query = query;
    this.from = query.addresses().from();
  }

  @Override
  public Optional<LifetimeColumns> next() {
    if (over) {
      return Optional.empty();
    }
    long to = query.addresses().to() == 0 ? Long.MAX_VALUE : query.addresses().to();
    List<Allocation> page = source.allocations(process, from, to, ROWS);
    if (page.size() < ROWS) {
      over = true;
    } else {
      from = page.getLast().address() + 1;
    }
    return Optional.of(columns(page.stream().filter(this::begunInSpan).toList()));
  }

  private boolean begunInSpan(Allocation block) {
    return block.time() >= query.begun().from()
        && (query.begun().to() == 0 || block.time() < query.begun().to());
  }

  private static LifetimeColumns columns(List<Allocation> blocks) {
    int rows = blocks.size();
    HeapEvent.Kind[] kind = new HeapEvent.Kind[rows];
    Arrays.fill(kind, HeapEvent.Kind.EXISTING);
    long[] unknown = new long[rows];
    Arrays.fill(unknown, -1);
    return new LifetimeColumns(
        rows,
        blocks.stream().mapToLong(Allocation::address).toArray(),
        blocks.stream().mapToLong(Allocation::size).toArray(),
        blocks.stream().mapToInt(block -> (int) block.site()).toArray(),
        blocks.stream().mapToInt(Allocation::tid).toArray(),
        blocks.stream().mapToLong(Allocation::time).toArray(),
        unknown,
        unknown,
        unknown,
        new int[rows],
        new int[rows],
        kind);
  }

  @Override
  public void close() {
    over = true;
  }
}
