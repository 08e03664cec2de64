package org.heapatlas.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.heapatlas.model.Address;
import org.heapatlas.model.EventColumns;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.HeapEvent.Effect;
import org.heapatlas.model.LifetimeColumns;
import org.heapatlas.model.TimeSpan;

/** A list of events as columns, two rows a part: what any faster way must agree with. */
final class FakeColumns {
  private static final int ROWS = 2;

  private FakeColumns() {}

  static HeapSource.Parts<EventColumns> events(List<HeapEvent> all, EventColumns.Query query) {
    List<HeapEvent> wanted =
        all.stream()
            .filter(event -> query.kinds().isEmpty() || query.kinds().contains(event.kind()))
            .filter(event -> within(query.span(), event.nanos()))
            .filter(event -> within(query.addresses(), event.address()))
            .toList();
    return parts(wanted, part -> columns(part, query.columns()));
  }

  private static EventColumns columns(List<HeapEvent> part, Set<EventColumns.Column> wanted) {
    return new EventColumns(
        part.size(),
        longs(part, wanted.contains(EventColumns.Column.POSITION), HeapEvent::position),
        longs(part, wanted.contains(EventColumns.Column.NANOS), HeapEvent::nanos),
        kinds(part, wanted.contains(EventColumns.Column.KIND), HeapEvent::kind),
        longs(part, wanted.contains(EventColumns.Column.ADDRESS), HeapEvent::address),
        longs(part, wanted.contains(EventColumns.Column.SIZE), HeapEvent::size),
        ints(part, wanted.contains(EventColumns.Column.TID), HeapEvent::tid),
        ints(part, wanted.contains(EventColumns.Column.SITE), each -> (int) each.site()),
        ints(
            part,
            wanted.contains(EventColumns.Column.ALLOCATED_BY),
            each -> (int) each.allocatedBy()),
        longs(
            part,
            wanted.contains(EventColumns.Column.ALLOCATED_AT),
            each -> each.allocatedAt().orElse(-1)));
  }

  /** A block from its allocation to its release, which may be missing. */
  private record Life(HeapEvent begin, HeapEvent end) {
    long endNanos() {
      return end == null ? -1 : end.nanos();
    }

    boolean liveAt(long nanos) {
      return begin.nanos() <= nanos && (end == null || end.nanos() > nanos);
    }
  }

  static HeapSource.Parts<LifetimeColumns> lifetimes(
      List<HeapEvent> all, LifetimeColumns.Query query) {
    List<Life> wanted =
        lives(all).stream()
            .filter(life -> within(query.begun(), life.begin().nanos()))
            .filter(life -> within(query.addresses(), life.begin().address()))
            .filter(life -> query.liveAt().isEmpty() || life.liveAt(query.liveAt().getAsLong()))
            .toList();
    return parts(wanted, part -> lifetimes(part, query.columns()));
  }

  private static List<Life> lives(List<HeapEvent> all) {
    Map<Long, HeapEvent> live = new LinkedHashMap<>();
    List<Life> lives = new ArrayList<>();
    for (HeapEvent event : all) {
      if (event.kind().effect() == Effect.ALLOCATION) {
        live.put(event.address(), event);
      } else if (event.kind().effect() == Effect.RELEASE && live.containsKey(event.address())) {
        lives.add(new Life(live.remove(event.address()), event));
      }
    }
    live.values().forEach(event -> lives.add(new Life(event, null)));
    return lives;
  }

  private static LifetimeColumns lifetimes(List<Life> part, Set<LifetimeColumns.Column> wanted) {
    return new LifetimeColumns(
        part.size(),
        longs(part, wanted.contains(LifetimeColumns.Column.ADDRESS), l -> l.begin().address()),
        longs(part, wanted.contains(LifetimeColumns.Column.SIZE), l -> l.begin().size()),
        ints(part, wanted.contains(LifetimeColumns.Column.SITE), l -> (int) l.begin().site()),
        ints(part, wanted.contains(LifetimeColumns.Column.TID), l -> l.begin().tid()),
        longs(part, wanted.contains(LifetimeColumns.Column.BEGIN_NANOS), l -> l.begin().nanos()),
        longs(part, wanted.contains(LifetimeColumns.Column.END_NANOS), Life::endNanos),
        longs(
            part,
            wanted.contains(LifetimeColumns.Column.BEGIN_POSITION),
            l -> l.begin().position()),
        longs(
            part,
            wanted.contains(LifetimeColumns.Column.END_POSITION),
            l -> l.end() == null ? -1 : l.end().position()),
        ints(
            part,
            wanted.contains(LifetimeColumns.Column.RELEASE_SITE),
            l -> l.end() == null ? 0 : (int) l.end().site()),
        ints(
            part,
            wanted.contains(LifetimeColumns.Column.RELEASE_TID),
            l -> l.end() == null ? 0 : l.end().tid()),
        kinds(part, wanted.contains(LifetimeColumns.Column.KIND), l -> l.begin().kind()));
  }

  private static boolean within(TimeSpan span, long nanos) {
    return nanos >= span.from() && (span.to() == 0 || nanos < span.to());
  }

  private static boolean within(Address.Range range, long address) {
    return range.to() == 0 || (address >= range.from() && address < range.to());
  }

  private static <T> long[] longs(List<T> part, boolean wanted, ToLongFunction<T> value) {
    return wanted ? part.stream().mapToLong(value).toArray() : new long[0];
  }

  private static <T> int[] ints(List<T> part, boolean wanted, ToIntFunction<T> value) {
    return wanted ? part.stream().mapToInt(value).toArray() : new int[0];
  }

  private static <T> HeapEvent.Kind[] kinds(
      List<T> part, boolean wanted, Function<T, HeapEvent.Kind> value) {
    return wanted ? part.stream().map(value).toArray(HeapEvent.Kind[]::new) : new HeapEvent.Kind[0];
  }

  private static <T, C> HeapSource.Parts<C> parts(List<T> all, Function<List<T>, C> columns) {
    Deque<C> left = new ArrayDeque<>();
    for (int at = 0; at < all.size(); at += ROWS) {
      left.add(columns.apply(all.subList(at, Math.min(at + ROWS, all.size()))));
    }
    return new HeapSource.Parts<>() {
      @Override
      public Optional<C> next() {
        return Optional.ofNullable(left.poll());
      }

      @Override
      public void close() {
        left.clear();
      }
    };
  }
}
