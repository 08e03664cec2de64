package org.heapatlas.dap.replay;

import java.util.List;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Moment;

/** Where a journey ends, and why, in the protocol's word. */
record Arrival(Moment moment, String reason, List<Integer> breakpoints) {
  static Arrival at(HeapEvent event, String reason) {
    return new Arrival(new Moment.Position(event.position()), reason, List.of());
  }

  static Arrival at(Moment moment, String reason) {
    return new Arrival(moment, reason, List.of());
  }

  static Arrival at(BreakpointSearch.Stop stop) {
    return new Arrival(
        new Moment.Position(stop.event().position()),
        stop.breakpoints().getFirst().target().reason(),
        stop.breakpoints().stream().map(EventBreakpoint::id).toList());
  }

  /** Beyond the last event, or before the first. */
  static Arrival atEnd(boolean backward, String reason) {
    return at(backward ? Moment.BEGINNING : Moment.END, reason);
  }
}
