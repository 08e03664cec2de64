package org.heapatlas.eclipse.ui.breakpoints;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.jface.window.Window;
import org.eclipse.ui.handlers.HandlerUtil;
import org.heapatlas.eclipse.dap.DapFunctionBreakpoint;
import org.heapatlas.eclipse.ui.Problem;

/** Stops where a function that is typed begins. */
public final class AddFunctionBreakpoint extends AbstractHandler {
  @Override
  public Object execute(ExecutionEvent event) {
    InputDialog dialog =
        new InputDialog(
            HandlerUtil.getActiveShell(event),
            "Add Function Breakpoint",
            "Name of the function:",
            "",
            typed -> typed.isBlank() ? "Name a function." : null);
    if (dialog.open() == Window.OK) {
      try {
        DapFunctionBreakpoint.at(dialog.getValue().strip());
      } catch (CoreException e) {
        Problem.show("The function breakpoint cannot be set", e);
      }
    }
    return null;
  }
}
