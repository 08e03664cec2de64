package org.heapatlas.eclipse.ui.debug;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.debug.core.DebugException;
import org.heapatlas.eclipse.dap.TimeTravel;

/** To the step before, of what is selected in the Debug view. */
public final class StepBack extends AbstractHandler {
  @Override
  public Object execute(ExecutionEvent event) throws ExecutionException {
    TimeTravel selected = TimeTravelState.selected().orElse(null);
    try {
      if (selected != null) {
        selected.stepBack();
      }
    } catch (DebugException e) {
      throw new ExecutionException("Step back", e);
    }
    return null;
  }
}
