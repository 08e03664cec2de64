package org.heapatlas.tests.endtoend;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.heapatlas.proto.EventColumn;
import org.heapatlas.proto.EventColumns;
import org.heapatlas.proto.EventKind;
import org.heapatlas.proto.EventsRequest;

/**
 * What is live as a recording's events say, put together in the plainest way: a table from
 * addresses to blocks, and one event after the other.
 */
final class NaiveHeap {
  private final Map<Long, LiveBlock> live = new HashMap<>();
  private final Map<Integer, LiveBlock> moved = new HashMap<>();
  private final Iterator<EventColumns> columns;
  private EventColumns rows = EventColumns.getDefaultInstance();
  private int row;
  private long position;

  /** Of a process of a collector that replays it. */
  NaiveHeap(Collector collector, long process) {
    columns =
        collector
            .calls()
            .events(
                EventsRequest.newBuilder()
                    .setProcess(process)
                    .addAllColumns(
                        List.of(
                            EventColumn.POSITION,
                            EventColumn.NANOS,
                            EventColumn.KIND,
                            EventColumn.ADDRESS,
                            EventColumn.SIZE,
                            EventColumn.TID,
                            EventColumn.SITE))
                    .build());
  }

  /** Goes on to before this event, and answers what is live then, in address order. */
  List<LiveBlock> at(long event) {
    while (position < event && (row < rows.getPositionCount() || columns.hasNext())) {
      if (row == rows.getPositionCount()) {
        rows = columns.next();
        row = 0;
        continue;
      }
      apply(row);
      position = rows.getPosition(row) + 1;
      row++;
    }
    return live.values().stream().sorted(Comparator.comparingLong(LiveBlock::address)).toList();
  }

  private void apply(int at) {
    long address = rows.getAddress(at);
    int tid = rows.getTid(at);
    EventKind kind = EventKind.forNumber(rows.getKind().byteAt(at));
    switch (kind) {
      case ALLOCATE,
          ALLOCATE_NEW,
          ALLOCATE_NEW_ARRAY,
          REALLOCATE,
          ALLOCATE_SAMPLED,
          EXISTING,
          ALLOCATE_IN_GAP ->
          live.put(
              address,
              new LiveBlock(address, rows.getSize(at), rows.getSite(at), rows.getNanos(at), tid));
      case RELEASE,
          RELEASE_DELETE,
          RELEASE_DELETE_ARRAY,
          RELEASE_SAMPLED,
          RELEASE_IN_GAP,
          OVERWRITTEN ->
          live.remove(address);
      case RELEASE_MOVED -> moved.put(tid, live.remove(address));
      case RESTORE -> live.put(address, moved.get(tid));
      case FORGET -> live.clear();
      default -> {} // of no block of the heap
    }
  }
}
