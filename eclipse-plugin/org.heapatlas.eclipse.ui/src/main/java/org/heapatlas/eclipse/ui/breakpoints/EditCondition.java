package org.heapatlas.eclipse.ui.breakpoints;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.window.Window;
import org.eclipse.ui.handlers.HandlerUtil;
import org.heapatlas.eclipse.dap.DapLineBreakpoint;

/** Asks for the condition of a breakpoint, watchpoint or exception filter that is selected. */
public final class EditCondition extends AbstractHandler {
  @Override
  public Object execute(ExecutionEvent event) throws ExecutionException {
    if (HandlerUtil.getCurrentSelection(event) instanceof IStructuredSelection selection
        && selection.getFirstElement() instanceof IBreakpoint breakpoint
        && breakpoint.getMarker() != null) {
      ask(event, breakpoint.getMarker());
    }
    return null;
  }

  private static void ask(ExecutionEvent event, IMarker marker) throws ExecutionException {
    InputDialog dialog =
        new InputDialog(
            HandlerUtil.getActiveShell(event),
            "Condition",
            "Stops only when this holds, as size > 4K && thread == \"worker\"; empty for always:",
            marker.getAttribute(DapLineBreakpoint.CONDITION, ""),
            null);
    if (dialog.open() == Window.OK) {
      try {
        String typed = dialog.getValue().strip();
        marker.setAttribute(DapLineBreakpoint.CONDITION, typed.isEmpty() ? null : typed);
      } catch (CoreException e) {
        throw new ExecutionException("Condition", e);
      }
    }
  }
}
