package org.heapatlas.eclipse.ui.debug;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.debug.core.DebugException;
import org.heapatlas.eclipse.dap.TimeTravel;

/** Backwards to a breakpoint or the beginning, of what is selected in the Debug view. */
public final class ReverseResume extends AbstractHandler {
  @Override
  public Object execute(ExecutionEvent event) throws ExecutionException {
    TimeTravel selected = TimeTravelState.selected().orElse(null);
    try {
      if (selected != null) {
        selected.reverseResume();
      }
    } catch (DebugException e) {
      throw new ExecutionException("Reverse resume", e);
    }
    return null;
  }
}
