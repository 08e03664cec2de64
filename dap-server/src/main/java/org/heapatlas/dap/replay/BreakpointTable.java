package org.heapatlas.dap.replay;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * The breakpoints that a client has set, by group, each of which it always sets as a whole: those
 * of a source file, of functions, of data. They may be set before there is a recording.
 */
public final class BreakpointTable {
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<String, List<EventBreakpoint>> groups = new ConcurrentSkipListMap<>();

  public EventBreakpoint make(EventBreakpoint.Target target, EventBreakpoint.Wishes wishes) {
    return EventBreakpoint.of(ids.incrementAndGet(), target, wishes);
  }

  /** One that cannot be: the sentence says why. */
  public EventBreakpoint flawed(String why) {
    return EventBreakpoint.flawed(ids.incrementAndGet(), EventBreakpoint.Data.NOTHING, why);
  }

  public void set(String group, List<EventBreakpoint> breakpoints) {
    groups.put(group, List.copyOf(breakpoints));
  }

  void replaceAll(UnaryOperator<EventBreakpoint> other) {
    groups.replaceAll((group, all) -> all.stream().map(other).toList());
  }

  List<EventBreakpoint> active() {
    return groups.values().stream()
        .flatMap(List::stream)
        .filter(breakpoint -> breakpoint.flaw().isEmpty())
        .toList();
  }
}
