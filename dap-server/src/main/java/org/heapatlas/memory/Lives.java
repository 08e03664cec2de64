package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.heapatlas.model.Address;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Stack;
import org.heapatlas.model.Timeline;
import org.heapatlas.session.HeapSource;

/**
 * The blocks that covered an address, the newest first, with the stacks of their beginnings and
 * ends. Main entry: read. Blocks that cover one address do not overlap in time, so going back from
 * the end a release is followed by its own allocation.
 */
record Lives(List<Life> all, Map<Long, Stack> stacks, boolean more) {
  private static final int MOST = 300;
  private static final int AT_ONCE = 50; // events, as many as a view shows first

  record Question(long process, long address) {}

  /** One of both may be missing: it lived already when the recording began, or lives at its end. */
  record Life(Optional<HeapEvent> begin, Optional<HeapEvent> end) {
    HeapEvent either() {
      return begin.or(() -> end).orElseThrow();
    }

    String id() {
      return either().position() + (begin.isPresent() ? "" : "-released");
    }

    boolean liveAt(long position) {
      return begin.map(event -> event.position() < position).orElse(true)
          && end.map(event -> event.position() >= position).orElse(true);
    }
  }

  Stack stack(HeapEvent event) {
    return stacks.getOrDefault(event.site(), Stack.EMPTY);
  }

  static Lives read(HeapSource source, Question question, LongReading.Course<Lives> course) {
    Timeline there = source.timeline(question.process());
    EventSearch.Filter filter =
        EventSearch.Filter.HEAP.covering(
            new Address.Range(question.address(), question.address() + 1));
    List<Life> lives = new ArrayList<>();
    Map<Long, Stack> stacks = new HashMap<>();
    Optional<HeapEvent> release = Optional.empty();
    long from = there.endPosition();
    double all = Math.max(1, there.endPosition() - there.firstPosition());
    while (lives.size() < MOST && from > there.firstPosition()) {
      EventSearch.Match match =
          source.search(
              question.process(),
              new EventSearch(from, true, OptionalLong.empty(), filter, AT_ONCE));
      List<HeapEvent> events = match.events().toList();
      for (HeapEvent event : events) {
        release = next(event, release, lives);
      }
      learn(source, question.process(), events, stacks);
      if (events.size() < AT_ONCE && !match.cut()) {
        break;
      }
      from = match.searchedTo();
      course.soFar(
          new Lives(List.copyOf(lives), Map.copyOf(stacks), false),
          1 - (from - there.firstPosition()) / all);
    }
    release.ifPresent(end -> lives.add(new Life(Optional.empty(), Optional.of(end))));
    return new Lives(List.copyOf(lives), Map.copyOf(stacks), lives.size() >= MOST);
  }

  /** Adds what this event completes; answers the release whose allocation is to come. */
  private static Optional<HeapEvent> next(
      HeapEvent event, Optional<HeapEvent> release, List<Life> lives) {
    if (begins(event.kind())) {
      lives.add(new Life(Optional.of(event), release));
      return Optional.empty();
    }
    if (!ends(event.kind())) {
      return release;
    }
    release.ifPresent(end -> lives.add(new Life(Optional.empty(), Optional.of(end))));
    return Optional.of(event);
  }

  private static boolean begins(HeapEvent.Kind kind) {
    return switch (kind) {
      case ALLOCATE,
          ALLOCATE_NEW,
          ALLOCATE_NEW_ARRAY,
          REALLOCATE,
          ALLOCATE_SAMPLED,
          EXISTING,
          ALLOCATE_IN_GAP,
          RESTORE ->
          true;
      default -> false;
    };
  }

  private static boolean ends(HeapEvent.Kind kind) {
    return switch (kind) {
      case RELEASE,
          RELEASE_DELETE,
          RELEASE_DELETE_ARRAY,
          RELEASE_MOVED,
          RELEASE_SAMPLED,
          RELEASE_IN_GAP,
          OVERWRITTEN ->
          true;
      default -> false;
    };
  }

  private static void learn(
      HeapSource source, long process, List<HeapEvent> events, Map<Long, Stack> stacks) {
    List<Long> unknown =
        events.stream()
            .map(HeapEvent::site)
            .filter(site -> site != 0 && !stacks.containsKey(site))
            .distinct()
            .toList();
    if (unknown.isEmpty()) {
      return;
    }
    List<Stack> known = source.stacks(process, unknown);
    for (int i = 0; i < unknown.size(); i++) {
      stacks.put(unknown.get(i), i < known.size() ? known.get(i) : Stack.EMPTY);
    }
  }
}
