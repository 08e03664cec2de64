package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eclipse.debug.core.DebugPlugin;
import org.heapatlas.eclipse.dap.DapExceptionBreakpoint;
import org.heapatlas.eclipse.dap.DapLineBreakpoint;
import org.heapatlas.eclipse.dap.DapThread;
import org.heapatlas.eclipse.dap.DapVariable;
import org.junit.jupiter.api.Test;

/** The debug model over debugpy's adapter, which holds back its answer to launch. */
class DebugpyTest {
  private static final int LINE_IN_ADD = 5;

  private static DapSession launch() throws Exception {
    return DapSession.launch(
        List.of("/usr/bin/python3", "-m", "debugpy.adapter"),
        "debugpy",
        Map.of("program", DapSession.program("steps.py").toString(), "console", "internalConsole"));
  }

  @Test
  void itStopsAtALineStepsAndShowsVariables() throws Exception {
    DapLineBreakpoint.at(DapSession.program("steps.py").toString(), LINE_IN_ADD);
    try (DapSession session = launch()) {
      DapThread thread = session.stopped();
      assertEquals("add", session.top().getName());
      assertEquals("1", session.variable("number").getValue().getValueString());
      thread.stepOver();
      Until.holds(
          "a line on",
          () -> thread.isSuspended() && session.top().getLineNumber() == LINE_IN_ADD + 1);
      DapVariable sum = Until.done("a sum", session.top().watch("sums['total'] + number"));
      assertEquals("2", sum.getValue().getValueString());
    }
  }

  @Test
  void aConditionKeepsTheBreakpointFromStopping() throws Exception {
    DapLineBreakpoint breakpoint =
        DapLineBreakpoint.at(DapSession.program("steps.py").toString(), LINE_IN_ADD);
    breakpoint.change(DapLineBreakpoint.CONDITION, "number == 9");
    try (DapSession session = launch()) {
      session.stopped();
      assertEquals("9", session.variable("number").getValue().getValueString());
    }
  }

  @Test
  void itsExceptionFiltersStandAmongTheBreakpoints() throws Exception {
    try (DapSession session = launch()) {
      Until.done("the beginning", session.target().ready());
      assertTrue(
          Arrays.stream(DebugPlugin.getDefault().getBreakpointManager().getBreakpoints())
              .anyMatch(
                  breakpoint ->
                      breakpoint instanceof DapExceptionBreakpoint exception
                          && exception.filter().equals("uncaught")));
    }
  }
}
