package org.heapatlas.eclipse.dap;

import java.util.Map;
import org.eclipse.core.resources.IMarker;
import org.eclipse.debug.core.DebugException;

/** A breakpoint at the beginning of every function of a name. */
public final class DapFunctionBreakpoint extends WorkspaceBreakpoint {
  private static final String MARKER = Dap.MODEL + ".functionBreakpoint";
  private static final String FUNCTION = Dap.MODEL + ".function";

  /** For the platform, which restores it from its marker. */
  public DapFunctionBreakpoint() {}

  public static DapFunctionBreakpoint at(String function) throws DebugException {
    DapFunctionBreakpoint breakpoint = new DapFunctionBreakpoint();
    breakpoint.create(MARKER, Map.of(FUNCTION, function, IMarker.MESSAGE, function));
    return breakpoint;
  }

  public String function() {
    return text(FUNCTION);
  }
}
