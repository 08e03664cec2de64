package org.heapatlas.eclipse.dap;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.lsp4j.debug.StoppedEventArguments;

/**
 * Why a thread stands.
 *
 * @param description in the adapter's words, empty where it says none
 * @param breakpoints that it met
 * @param detail of the platform's suspend event
 */
record Stop(String description, List<IBreakpoint> breakpoints, int detail) {
  /** Of a thread that stands because another one does. */
  static final Stop WITH_OTHERS = new Stop("", List.of(), DebugEvent.UNSPECIFIED);

  private static final Set<String> STEPS = Set.of("step", "goto");
  private static final Set<String> BREAKPOINTS =
      Set.of(
          "breakpoint",
          "function breakpoint",
          "data breakpoint",
          "instruction breakpoint",
          "exception");

  static Stop of(StoppedEventArguments stopped, DapBreakpoints known) {
    Integer[] hit = stopped.getHitBreakpointIds();
    List<IBreakpoint> breakpoints = hit == null ? List.of() : known.of(Arrays.asList(hit));
    return new Stop(words(stopped), breakpoints, detail(stopped.getReason()));
  }

  /** The reason as it is meant for a reader; where there is none, what stands in for it. */
  private static String words(StoppedEventArguments stopped) {
    return Stream.of(stopped.getDescription(), stopped.getText(), stopped.getReason())
        .filter(words -> words != null && !words.isBlank())
        .findFirst()
        .orElse("");
  }

  private static int detail(String reason) {
    if (STEPS.contains(reason)) {
      return DebugEvent.STEP_END;
    }
    return BREAKPOINTS.contains(reason) ? DebugEvent.BREAKPOINT : DebugEvent.CLIENT_REQUEST;
  }
}
