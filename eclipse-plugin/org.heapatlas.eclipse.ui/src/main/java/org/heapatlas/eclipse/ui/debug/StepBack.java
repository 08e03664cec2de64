package org.heapatlas.eclipse.ui.debug;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.heapatlas.eclipse.dap.TimeTravel;

/** To the step before, of what is selected in the Debug view. */
public final class StepBack extends AbstractHandler {
  @Override
  public Object execute(ExecutionEvent event) {
    TimeTravelState.selected().ifPresent(TimeTravel::stepBack);
    return null;
  }
}
