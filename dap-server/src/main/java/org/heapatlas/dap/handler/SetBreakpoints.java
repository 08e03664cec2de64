package org.heapatlas.dap.handler;

import java.util.Arrays;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetBreakpointsResponse;
import org.eclipse.lsp4j.debug.SourceBreakpoint;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;

/**
 * Source breakpoints stay unverified: this is a debugger of memory, and says so at each of them.
 */
public final class SetBreakpoints implements Handler<SetBreakpointsArguments> {
  @Override
  public Object handle(DapSession session, SetBreakpointsArguments arguments) {
    SourceBreakpoint[] wanted =
        arguments.getBreakpoints() == null ? new SourceBreakpoint[0] : arguments.getBreakpoints();
    SetBreakpointsResponse response = new SetBreakpointsResponse();
    response.setBreakpoints(
        Arrays.stream(wanted).map(SetBreakpoints::refused).toArray(Breakpoint[]::new));
    return response;
  }

  private static Breakpoint refused(SourceBreakpoint wanted) {
    Breakpoint breakpoint = new Breakpoint();
    breakpoint.setVerified(false);
    breakpoint.setLine(wanted.getLine());
    breakpoint.setMessage("HeapAtlas does not stop at source lines");
    return breakpoint;
  }
}
