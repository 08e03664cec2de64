package org.heapatlas.dap.handler;

import java.util.stream.IntStream;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.BreakpointLocationsArguments;
import org.eclipse.lsp4j.debug.BreakpointLocationsResponse;
import org.eclipse.lsp4j.debug.DataBreakpointInfoArguments;
import org.eclipse.lsp4j.debug.DataBreakpointInfoResponse;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetDataBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetDataBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetInstructionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetInstructionBreakpointsResponse;
import org.eclipse.lsp4j.debug.SourceBreakpoint;
import org.heapatlas.dap.Handler;

/**
 * Breakpoints of every kind stay unverified: this debugger watches memory while the program runs,
 * and says so at each of them.
 */
public final class Breakpoints {
  private static final String WHY =
      "HeapAtlas does not stop the program at breakpoints; 'pause' stops it";

  public static final Handler<SetBreakpointsArguments> SOURCE =
      (session, arguments) -> {
        Breakpoint[] refused = refused(arguments.getBreakpoints());
        for (int i = 0; i < refused.length; i++) {
          SourceBreakpoint wanted = arguments.getBreakpoints()[i];
          refused[i].setLine(wanted == null ? null : wanted.getLine());
          refused[i].setSource(arguments.getSource());
        }
        SetBreakpointsResponse response = new SetBreakpointsResponse();
        response.setBreakpoints(refused);
        return response;
      };

  public static final Handler<SetFunctionBreakpointsArguments> FUNCTION =
      (session, arguments) -> {
        SetFunctionBreakpointsResponse response = new SetFunctionBreakpointsResponse();
        response.setBreakpoints(refused(arguments.getBreakpoints()));
        return response;
      };

  public static final Handler<SetInstructionBreakpointsArguments> INSTRUCTION =
      (session, arguments) -> {
        SetInstructionBreakpointsResponse response = new SetInstructionBreakpointsResponse();
        response.setBreakpoints(refused(arguments.getBreakpoints()));
        return response;
      };

  public static final Handler<SetDataBreakpointsArguments> DATA =
      (session, arguments) -> {
        SetDataBreakpointsResponse response = new SetDataBreakpointsResponse();
        response.setBreakpoints(refused(arguments.getBreakpoints()));
        return response;
      };

  public static final Handler<DataBreakpointInfoArguments> DATA_INFO =
      (session, arguments) -> {
        DataBreakpointInfoResponse response = new DataBreakpointInfoResponse();
        response.setDescription(WHY);
        return response;
      };

  public static final Handler<SetExceptionBreakpointsArguments> EXCEPTION =
      (session, arguments) -> {
        SetExceptionBreakpointsResponse response = new SetExceptionBreakpointsResponse();
        response.setBreakpoints(refused(arguments.getFilters()));
        return response;
      };

  public static final Handler<BreakpointLocationsArguments> LOCATIONS =
      (session, arguments) -> new BreakpointLocationsResponse();

  private Breakpoints() {}

  private static Breakpoint[] refused(Object[] wanted) {
    int count = wanted == null ? 0 : wanted.length;
    return IntStream.range(0, count).mapToObj(i -> refused()).toArray(Breakpoint[]::new);
  }

  private static Breakpoint refused() {
    Breakpoint breakpoint = new Breakpoint();
    breakpoint.setVerified(false);
    breakpoint.setMessage(WHY);
    return breakpoint;
  }
}
