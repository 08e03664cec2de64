package org.heapatlas.dap.replay;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.ProgramThread;
import org.heapatlas.model.Stack;
import org.heapatlas.session.HeapSource;

/**
 * Searches in the recording of one process, each to its end however often the collector cuts it;
 * and what is known of the events found. Used by one thread, which {@code stop} ends.
 */
final class Explorer {
  /** Somebody wants the search to end. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final HeapSource source;
  private final long process;
  private final BooleanSupplier stop;
  private final Map<Long, Stack> stacks = new ConcurrentHashMap<>();
  private Map<Integer, String> threads;

  Explorer(HeapSource source, long process, BooleanSupplier stop) {
    this.source = source;
    this.process = process;
    this.stop = stop;
  }

  EventSearch.Match find(EventSearch search) {
    EventSearch.Match match = step(search);
    while (match.event().isEmpty() && match.cut()) {
      match =
          step(
              new EventSearch(
                  match.searchedTo(), search.backward(), search.until(), search.filter()));
    }
    return match;
  }

  Optional<HeapEvent> next(long from, boolean backward, EventSearch.Filter filter) {
    return find(new EventSearch(from, backward, OptionalLong.empty(), filter)).event();
  }

  private EventSearch.Match step(EventSearch search) {
    if (stop.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      throw new Stopped();
    }
    return source.search(process, search);
  }

  /** Of who did it. */
  Stack stack(HeapEvent event) {
    return event.site() == 0
        ? Stack.EMPTY
        : stacks.computeIfAbsent(
            event.site(),
            site -> source.stacks(process, List.of(site)).stream().findFirst().orElse(Stack.EMPTY));
  }

  EventFacts facts(HeapEvent event) {
    if (threads == null) {
      threads =
          source.threads(process).stream()
              .collect(
                  Collectors.toMap(
                      ProgramThread::tid, ProgramThread::name, (first, second) -> first));
    }
    return new EventFacts(event, threads, this::stack);
  }
}
