package org.heapatlas.dap.replay;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.heapatlas.model.Finding;
import org.heapatlas.model.HeapEvent;

/** Findings as events at which breakpoints stop, live and in a recording. */
public final class Raised {
  private Raised() {}

  /** Whether one of the breakpoints stops a running program at a finding. */
  public static boolean stops(BreakpointTable table, Finding finding, Consumer<String> log) {
    EventFacts facts =
        new EventFacts(
            event(finding, 0), Map.of(finding.tid(), finding.thread()), any -> finding.stack());
    return of(table.active(), finding).filter(each -> each.stopsAt(facts, log)).count() > 0;
  }

  static Stream<EventBreakpoint> of(List<EventBreakpoint> breakpoints, Finding finding) {
    return breakpoints.stream()
        .filter(
            each ->
                each.target() instanceof EventBreakpoint.Raised raised
                    && raised.kind().equals(finding.kind()));
  }

  /** The event of a finding; the size is that of the block. */
  static HeapEvent event(Finding finding, long position) {
    return new HeapEvent(
        position,
        finding.from(),
        HeapEvent.Kind.RELEASE_UNKNOWN,
        finding.address(),
        finding.block().map(Finding.Block::size).orElse(0L),
        finding.tid(),
        finding.site(),
        finding.block().map(Finding.Block::allocatedSite).orElse(0L),
        OptionalLong.empty());
  }

  /** The nearest of those that stand in the recording, from a position on or before it. */
  static Optional<Finding> nearest(List<Finding> findings, long from, boolean backward) {
    Optional<Finding> best = Optional.empty();
    for (Finding finding : findings) {
      long position = finding.position().orElse(-1);
      boolean ahead = position >= 0 && (backward ? position < from : position >= from);
      long other = best.map(its -> its.position().orElse(-1)).orElse(-1L);
      if (ahead && (other < 0 || (backward ? position > other : position < other))) {
        best = Optional.of(finding);
      }
    }
    return best;
  }
}
