package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.debug.core.DebugException;
import org.heapatlas.eclipse.dap.DapFrame;
import org.heapatlas.eclipse.dap.DapFunctionBreakpoint;
import org.heapatlas.eclipse.dap.DapLineBreakpoint;
import org.heapatlas.eclipse.dap.DapThread;
import org.heapatlas.eclipse.dap.DapVariable;
import org.heapatlas.eclipse.dap.DapWatchpoint;
import org.heapatlas.eclipse.dap.Disassembly;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The debug model over lldb's adapter, on a C program. */
class LldbTest {
  private static final int LINE_OF_CALL = 20;
  private static final int LINE_IN_ADD = 11;

  @TempDir private static Path folder;
  private static Path program;

  @BeforeAll
  static void compile() throws Exception {
    program = DapSession.compiled("steps.c", folder);
  }

  private static DapSession launch() throws Exception {
    return DapSession.launch(
        List.of("lldb-dap-19"), "lldb-dap", Map.of("program", program.toString()));
  }

  private static void stopAt(int line) throws DebugException {
    DapLineBreakpoint.at(DapSession.program("steps.c").toString(), line);
  }

  @Test
  void aLineBreakpointStopsAndIsToldAsMet() throws Exception {
    stopAt(LINE_OF_CALL);
    try (DapSession session = launch()) {
      assertEquals(LINE_OF_CALL, session.top().getLineNumber());
      assertEquals("main", session.top().getName());
      assertEquals(1, session.stopped().getBreakpoints().length);
      assertTrue(session.target().breakpoints().isVerified(session.stopped().getBreakpoints()[0]));
    }
  }

  @Test
  void stepsGoIntoAFunctionThroughItAndOut() throws Exception {
    stopAt(LINE_OF_CALL);
    try (DapSession session = launch()) {
      DapThread thread = session.stopped();
      thread.stepInto();
      Until.holds("in add", () -> thread.isSuspended() && session.top().getName().equals("add"));
      assertEquals(LINE_IN_ADD, session.top().getLineNumber());
      thread.stepOver();
      Until.holds(
          "a line on",
          () -> thread.isSuspended() && session.top().getLineNumber() == LINE_IN_ADD + 1);
      thread.stepReturn();
      Until.holds(
          "back in main", () -> thread.isSuspended() && session.top().getName().equals("main"));
    }
  }

  @Test
  void aFunctionBreakpointStopsAtItsBeginning() throws Exception {
    DapFunctionBreakpoint.at("add");
    try (DapSession session = launch()) {
      assertEquals("add", session.top().getName());
      List<DapFrame> frames = Until.done("the stack", session.stopped().frames());
      assertEquals("main", frames.get(1).getName());
    }
  }

  @Test
  void variablesAreReadWhenLookedAtAndKeepTheirFrame() throws Exception {
    stopAt(LINE_OF_CALL);
    try (DapSession session = launch()) {
      DapVariable sums = session.variable("sums");
      List<DapVariable> fields = Until.done("fields", sums.value().children());
      assertEquals(
          List.of("count", "total", "name"), fields.stream().map(DapVariable::getName).toList());
      assertEquals("0", fields.get(0).getValue().getValueString());
      DapFrame frame = session.top();
      session.stopped().resume();
      Until.holds(
          "the next round", () -> session.stopped().isSuspended() && count(session).equals("1"));
      assertEquals(frame, session.top());
      assertTrue(field(session, 0).hasValueChanged());
    }
  }

  private static DapVariable field(DapSession session, int index) throws Exception {
    return Until.done("fields", session.variable("sums").value().children()).get(index);
  }

  private static String count(DapSession session) throws Exception {
    return field(session, 0).getValue().getValueString();
  }

  @Test
  void anArrayIsReadAPageAtATime() throws Exception {
    stopAt(LINE_OF_CALL);
    try (DapSession session = launch()) {
      DapVariable numbers = session.variable("numbers");
      List<DapVariable> page = Until.done("a page", numbers.value().children(100, 10));
      assertEquals(10, page.size());
      assertEquals("10000", page.get(0).getValue().getValueString());
    }
  }

  @Test
  void expressionsAreEvaluatedAndRefusedInTheAdaptersWords() throws Exception {
    stopAt(LINE_OF_CALL);
    try (DapSession session = launch()) {
      assertEquals(
          "5",
          Until.done("a sum", session.top().watch("numbers[2] + 1")).getValue().getValueString());
      AssertionError refusal =
          assertThrows(
              AssertionError.class,
              () -> Until.done("nonsense", session.top().watch("no_such_thing")));
      assertTrue(refusal.getMessage().contains("no_such_thing"), refusal.getMessage());
    }
  }

  @Test
  void aVariableIsChanged() throws Exception {
    stopAt(LINE_OF_CALL);
    try (DapSession session = launch()) {
      DapVariable count = field(session, 0);
      assertTrue(count.supportsValueModification());
      Until.done("the change", count.change("40"));
      assertEquals("40", count(session));
    }
  }

  @Test
  void instructionsAroundAFrameAreDisassembled() throws Exception {
    stopAt(LINE_OF_CALL);
    try (DapSession session = launch()) {
      DapFrame top = session.top();
      assertTrue(Disassembly.isOffered(session.target()));
      List<Disassembly.Instruction> read =
          Until.done("instructions", Disassembly.around(top, 0, 4));
      assertEquals(top.instruction().orElseThrow(), read.get(0).address());
      assertTrue(read.get(1).address().compareTo(read.get(0).address()) > 0);
    }
  }

  @Test
  void aWatchpointOnAVariableIsSetAndOneOnAnAddressToldAsRefused() throws Exception {
    stopAt(LINE_OF_CALL);
    try (DapSession session = launch()) {
      DapWatchpoint total = Until.done("a watchpoint", DapWatchpoint.on(field(session, 1)));
      Until.holds("the first is set", () -> session.target().breakpoints().isVerified(total));
      assertTrue(total.isModification());
      assertFalse(total.isAccess());
      DapWatchpoint bytes = DapWatchpoint.at(BigInteger.valueOf(0x1000), 4);
      Until.holds(
          "the second is refused", () -> session.target().breakpoints().problem(bytes).isPresent());
      assertEquals(
          "This debug adapter watches variables alone, no addresses.",
          session.target().breakpoints().problem(bytes).orElseThrow());
    }
  }

  @Test
  void theProgramsOutputAndStatusAreTold() throws Exception {
    try (DapSession session = launch()) {
      Until.holds("the end", session.target()::isTerminated);
      var process = session.target().getProcess();
      assertEquals(7, process.getExitValue());
      String printed = session.printed();
      assertTrue(printed.contains("3 numbers, 14"), printed);
      assertFalse(session.target().canTerminate());
    }
  }
}
