package org.heapatlas.eclipse.ui.debug;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.heapatlas.eclipse.dap.TimeTravel;

/** Backwards to a breakpoint or the beginning, of what is selected in the Debug view. */
public final class ReverseResume extends AbstractHandler {
  @Override
  public Object execute(ExecutionEvent event) {
    TimeTravelState.selected().ifPresent(TimeTravel::reverseResume);
    return null;
  }
}
