package org.heapatlas.recording;

import static org.heapatlas.recording.Column.integer;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.duckdb.DuckDBWritableVector;
import org.heapatlas.model.Address;
import org.heapatlas.model.EventColumns;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.LifetimeColumns;
import org.heapatlas.model.Problem;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;

/** The tables of what was recorded: events, and allocations with their lifetimes. */
final class EventTables {
  /** What a summary counts as events. */
  private static final Set<HeapEvent.Kind> COUNTED =
      Collections.unmodifiableSet(
          EnumSet.of(
              HeapEvent.Kind.ALLOCATE,
              HeapEvent.Kind.ALLOCATE_NEW,
              HeapEvent.Kind.ALLOCATE_NEW_ARRAY,
              HeapEvent.Kind.REALLOCATE,
              HeapEvent.Kind.ALLOCATE_SAMPLED,
              HeapEvent.Kind.ALLOCATE_IN_GAP,
              HeapEvent.Kind.REFUSED,
              HeapEvent.Kind.RELEASE,
              HeapEvent.Kind.RELEASE_DELETE,
              HeapEvent.Kind.RELEASE_DELETE_ARRAY,
              HeapEvent.Kind.RELEASE_MOVED,
              HeapEvent.Kind.RELEASE_SAMPLED,
              HeapEvent.Kind.RELEASE_IN_GAP,
              HeapEvent.Kind.OVERWRITTEN));

  /** Texts are dear in a column of many rows: a kind is its place in this list, from 0. */
  static final List<HeapEvent.Kind> KINDS = List.of(HeapEvent.Kind.values());

  private static final Map<HeapEvent.Kind, Long> NUMBERS = new EnumMap<>(HeapEvent.Kind.class);

  static {
    KINDS.forEach(kind -> NUMBERS.put(kind, (long) KINDS.indexOf(kind)));
  }

  private EventTables() {}

  /** Parameters: times from, to; addresses from, to; 1 for all events, 0 for those of the heap. */
  static final HeapTable EVENTS =
      new HeapTable(
          "heap_events",
          5,
          List.of(
              integer("process"),
              integer("position"),
              integer("time"),
              integer("kind"),
              integer("address"),
              integer("size"),
              integer("thread"),
              integer("site"),
              integer("allocated_by"),
              integer("allocated_at")),
          EventTables::events);

  /** Parameters: times of the begin from, to; live at, or NULL; addresses from, to. */
  static final HeapTable ALLOCATIONS =
      new HeapTable(
          "heap_allocations",
          5,
          List.of(
              integer("process"),
              integer("address"),
              integer("size"),
              integer("site"),
              integer("thread"),
              integer("begin_time"),
              integer("end_time"),
              integer("begin_position"),
              integer("end_position"),
              integer("release_site"),
              integer("release_thread"),
              integer("kind")),
          EventTables::allocations);

  private static final List<PartRows.Cell<EventColumns>> EVENT_CELLS =
      List.of(
          (part, row, out, at) -> out.setLong(at, part.position()[row]),
          (part, row, out, at) -> out.setLong(at, part.nanos()[row]),
          (part, row, out, at) -> out.setLong(at, NUMBERS.get(part.kind()[row])),
          (part, row, out, at) -> out.setLong(at, part.address()[row]),
          (part, row, out, at) -> out.setLong(at, part.size()[row]),
          (part, row, out, at) -> out.setLong(at, part.tid()[row]),
          (part, row, out, at) -> known(out, at, part.site()[row], 0),
          (part, row, out, at) -> known(out, at, part.allocatedBy()[row], 0),
          (part, row, out, at) -> known(out, at, part.allocatedAt()[row], -1));

  private static final List<PartRows.Cell<LifetimeColumns>> LIFETIME_CELLS =
      List.of(
          (part, row, out, at) -> out.setLong(at, part.address()[row]),
          (part, row, out, at) -> out.setLong(at, part.size()[row]),
          (part, row, out, at) -> known(out, at, part.site()[row], 0),
          (part, row, out, at) -> out.setLong(at, part.tid()[row]),
          (part, row, out, at) -> out.setLong(at, part.beginNanos()[row]),
          (part, row, out, at) -> known(out, at, part.endNanos()[row], -1),
          (part, row, out, at) -> known(out, at, part.beginPosition()[row], -1),
          (part, row, out, at) -> known(out, at, part.endPosition()[row], -1),
          (part, row, out, at) -> known(out, at, part.releaseSite()[row], 0),
          (part, row, out, at) -> known(out, at, part.releaseTid()[row], 0),
          (part, row, out, at) -> out.setLong(at, NUMBERS.get(part.kind()[row])));

  private static final List<EventColumns.Column> EVENT_COLUMNS =
      List.of(EventColumns.Column.values());

  private static final List<LifetimeColumns.Column> LIFETIME_COLUMNS =
      List.of(LifetimeColumns.Column.values());

  private static void known(DuckDBWritableVector out, int at, long value, long unknown) {
    if (value == unknown) {
      out.setNull(at);
    } else {
      out.setLong(at, value);
    }
  }

  private static Rows events(HeapTable.Scan scan) {
    Set<EventColumns.Column> wanted = EnumSet.noneOf(EventColumns.Column.class);
    for (int column = 0; column < EVENT_COLUMNS.size(); column++) {
      if (scan.wants(column + 1)) {
        wanted.add(EVENT_COLUMNS.get(column));
      }
    }
    if (wanted.isEmpty()) {
      wanted.add(EventColumns.Column.KIND); // The rows are counted by the smallest column.
    }
    EventColumns.Query query =
        new EventColumns.Query(
            wanted,
            scan.bound(4) == 0 ? COUNTED : Set.of(),
            new TimeSpan(scan.bound(0), scan.bound(1)),
            new Address.Range(scan.bound(2), scan.bound(3)));
    return new PartRows<>(
        scan,
        process -> recorded(scan.source(), process).events(process.id(), query),
        EventColumns::rows,
        EVENT_CELLS);
  }

  private static Rows allocations(HeapTable.Scan scan) {
    Set<LifetimeColumns.Column> wanted = EnumSet.noneOf(LifetimeColumns.Column.class);
    for (int column = 0; column < LIFETIME_COLUMNS.size(); column++) {
      if (scan.wants(column + 1)) {
        wanted.add(LIFETIME_COLUMNS.get(column));
      }
    }
    if (wanted.isEmpty()) {
      wanted.add(LifetimeColumns.Column.KIND);
    }
    long liveAt = scan.parameters()[2];
    LifetimeColumns.Query query =
        new LifetimeColumns.Query(
            wanted,
            new TimeSpan(scan.bound(0), scan.bound(1)),
            liveAt == HeapTable.ABSENT ? OptionalLong.empty() : OptionalLong.of(liveAt),
            new Address.Range(scan.bound(3), scan.bound(4)));
    return new PartRows<>(
        scan,
        process -> lifetimes(scan.source(), process, query),
        LifetimeColumns::rows,
        LIFETIME_CELLS);
  }

  /** Of a process that is not recorded, what is live now is known all the same. */
  private static HeapSource.Parts<LifetimeColumns> lifetimes(
      HeapSource source, WatchedProcess process, LifetimeColumns.Query query) {
    if (query.liveAt().isEmpty() && !isRecorded(source, process)) {
      return new LiveParts(source, process.id(), query);
    }
    return recorded(source, process).lifetimes(process.id(), query);
  }

  private static boolean isRecorded(HeapSource source, WatchedProcess process) {
    return process.isReplayed() || notRecorded(source, process).isEmpty();
  }

  private static HeapSource recorded(HeapSource source, WatchedProcess process) {
    if (!process.isReplayed()) {
      notRecorded(source, process)
          .ifPresent(
              why -> {
                throw new Problem(
                    Problem.Kind.FAILED,
                    "%s is not recorded, so that nothing is kept of its past; start it with ./heapatlas record"
                        .formatted(process.title()),
                    why);
              });
    }
    return source;
  }

  private static Optional<Problem> notRecorded(HeapSource source, WatchedProcess process) {
    try {
      source.timeline(process.id());
      return Optional.empty();
    } catch (Problem why) {
      return Optional.of(why);
    }
  }
}
