package org.heapatlas.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.Timeline;

/**
 * A recorded past as a list that is looked through from one end to the other: what any faster way
 * must agree with. An event a millisecond.
 */
public final class FakeTimeline {
  private static final long STEP_NANOS = 1_000_000;

  private final List<HeapEvent> events = new ArrayList<>();
  private long position;

  /** A search looks at so many events, and is cut then. */
  public volatile int patience = Integer.MAX_VALUE;

  /** The next event; its site is the fake heap's. */
  public HeapEvent add(HeapEvent.Kind kind, long address, long size, int tid, long site) {
    long number = events.size();
    Optional<HeapEvent> birth =
        events.reversed().stream()
            .filter(each -> each.address() == address)
            .findFirst()
            .filter(each -> each.kind().effect() == HeapEvent.Effect.ALLOCATION);
    boolean releases = kind.effect() == HeapEvent.Effect.RELEASE;
    HeapEvent event =
        new HeapEvent(
            number,
            number * STEP_NANOS,
            kind,
            address,
            size,
            tid,
            site,
            releases ? birth.map(HeapEvent::site).orElse(0L) : 0,
            releases && birth.isPresent()
                ? OptionalLong.of(birth.get().position())
                : OptionalLong.empty());
    events.add(event);
    return event;
  }

  public List<HeapEvent> events() {
    return List.copyOf(events);
  }

  public synchronized Timeline now() {
    int size = events.size();
    return new Timeline(
        position,
        position * STEP_NANOS,
        0,
        size,
        0,
        size * STEP_NANOS,
        position < size ? Optional.of(events.get((int) position)) : Optional.empty(),
        List.of());
  }

  public synchronized Timeline seek(Moment moment) {
    long wanted =
        switch (moment) {
          case Moment.Position there -> there.number();
          case Moment.Time time -> (time.nanos() + STEP_NANOS - 1) / STEP_NANOS;
        };
    position = Math.clamp(wanted, 0, events.size());
    return now();
  }

  public EventSearch.Match search(EventSearch search) {
    int size = events.size();
    long last = search.backward() ? search.until().orElse(0) : search.until().orElse(size);
    long[] path =
        search.backward()
            ? LongStream.iterate(Math.min(search.from(), size) - 1, at -> at >= last, at -> at - 1)
                .toArray()
            : LongStream.range(search.from(), Math.min(last, size)).toArray();
    List<HeapEvent> found = new ArrayList<>();
    int looked = 0;
    for (long at : path) {
      if (looked++ >= patience) {
        return match(found, search.backward() ? at + 1 : at, true, search.filter());
      }
      HeapEvent event = events.get((int) at);
      if (fits(event, search.filter())) {
        found.add(event);
      }
      if (found.size() == search.most()) {
        return match(found, search.backward() ? at : at + 1, false, search.filter());
      }
    }
    return match(found, last, false, search.filter());
  }

  private static EventSearch.Match match(
      List<HeapEvent> found, long searchedTo, boolean cut, EventSearch.Filter filter) {
    return new EventSearch.Match(
        found.stream().findFirst(),
        searchedTo,
        cut,
        found.isEmpty() ? List.of() : passed(found.getFirst(), filter.places()),
        found.stream().skip(1).toList());
  }

  private static boolean fits(HeapEvent event, EventSearch.Filter filter) {
    boolean covered =
        filter
            .covers()
            .map(
                range ->
                    event.address() < range.to() && range.from() < event.address() + event.size())
            .orElse(true);
    boolean kind =
        filter.kinds().isEmpty()
            ? event.kind().effect().compareTo(HeapEvent.Effect.RELEASE) <= 0
            : filter.kinds().contains(event.kind());
    return covered
        && kind
        && (filter.tids().isEmpty() || filter.tids().contains(event.tid()))
        && (filter.places().isEmpty() || !passed(event, filter.places()).isEmpty());
  }

  private static List<Integer> passed(HeapEvent event, List<EventSearch.CodePlace> places) {
    Stack stack = FakeHeap.stack(event.site());
    return IntStream.range(0, places.size())
        .filter(i -> stack.frames().stream().anyMatch(frame -> isAt(frame, places.get(i))))
        .boxed()
        .toList();
  }

  private static boolean isAt(StackFrame frame, EventSearch.CodePlace place) {
    return place.function().isEmpty()
        ? frame.file().endsWith(place.file()) && frame.line() == place.line()
        : frame.function().equals(place.function());
  }
}
