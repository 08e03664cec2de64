package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.heapatlas.proto.Allocation;
import org.heapatlas.proto.EventColumn;
import org.heapatlas.proto.EventColumns;
import org.heapatlas.proto.EventKind;
import org.heapatlas.proto.EventsRequest;
import org.heapatlas.proto.SeekRequest;
import org.heapatlas.proto.TimelineReply;

/**
 * What the events of a replayed process come to, and those of some threads, in order; a release has
 * no size.
 */
record ReplayedEvents(
    TimelineReply timeline, Map<Integer, List<Event>> byThread, Map<Long, Long> live) {
  record Event(long address, long size) {}

  static ReplayedEvents read(Collector collector, long process, Set<Integer> threads) {
    TimelineReply timeline =
        collector
            .calls()
            .seek(SeekRequest.newBuilder().setProcess(process).setNanos(Long.MAX_VALUE).build());
    ReplayedEvents all = new ReplayedEvents(timeline, new TreeMap<>(), new HashMap<>());
    threads.forEach(thread -> all.byThread().put(thread, new ArrayList<>()));
    List<EventColumns> parts = new ArrayList<>();
    collector
        .calls()
        .events(
            EventsRequest.newBuilder()
                .setProcess(process)
                .addColumns(EventColumn.POSITION)
                .addColumns(EventColumn.KIND)
                .addColumns(EventColumn.ADDRESS)
                .addColumns(EventColumn.SIZE)
                .addColumns(EventColumn.TID)
                .build())
        .forEachRemaining(parts::add);
    long position = timeline.getFirstPosition();
    for (EventColumns part : parts) {
      ByteString kinds = part.getKind();
      for (int row = 0; row < kinds.size(); row++) {
        assertThat(part.getPosition(row)).as("no event is left out").isEqualTo(position++);
        all.take(
            EventKind.forNumber(kinds.byteAt(row)),
            part.getTid(row),
            part.getAddress(row),
            part.getSize(row));
      }
    }
    assertThat(position).as("events up to the end").isEqualTo(timeline.getEndPosition());
    return all;
  }

  private void take(EventKind kind, int thread, long address, long size) {
    switch (kind) {
      case ALLOCATE, ALLOCATE_NEW, ALLOCATE_NEW_ARRAY, REALLOCATE, ALLOCATE_SAMPLED -> {
        live.put(address, size);
        tell(thread, new Event(address, size));
      }
      case EXISTING, ALLOCATE_IN_GAP, RESTORE -> live.put(address, size);
      case RELEASE, RELEASE_DELETE, RELEASE_DELETE_ARRAY, RELEASE_MOVED, RELEASE_SAMPLED -> {
        live.remove(address);
        tell(thread, new Event(address, 0));
      }
      case RELEASE_IN_GAP, OVERWRITTEN -> live.remove(address);
      case FORGET -> live.clear();
      default -> {}
    }
  }

  private void tell(int thread, Event event) {
    List<Event> wanted = byThread.get(thread);
    if (wanted != null) {
      wanted.add(event);
    }
  }

  /** The replayed table at the end is what the events come to. */
  void expectTable(List<Allocation> table) {
    Map<Long, Long> there = new HashMap<>();
    table.forEach(block -> there.put(block.getAddress(), block.getSize()));
    assertThat(there).isEqualTo(live);
  }
}
