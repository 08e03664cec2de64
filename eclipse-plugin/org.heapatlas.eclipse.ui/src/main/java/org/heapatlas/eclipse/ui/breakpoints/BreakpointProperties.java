package org.heapatlas.eclipse.ui.breakpoints;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.window.Window;
import org.eclipse.ui.handlers.HandlerUtil;
import org.heapatlas.eclipse.dap.DapExceptionBreakpoint;
import org.heapatlas.eclipse.dap.DapLineBreakpoint;
import org.heapatlas.eclipse.ui.Problem;

/** Asks when the selected breakpoint stops, and whether it prints instead. */
public final class BreakpointProperties extends AbstractHandler {
  private static final BreakpointDialog.Field CONDITION =
      new BreakpointDialog.Field(
          DapLineBreakpoint.CONDITION, "Stops only when", "size > 4K && thread == \"worker\"");
  private static final BreakpointDialog.Field HITS =
      new BreakpointDialog.Field(
          DapLineBreakpoint.HIT_CONDITION, "Of its hits", "5, or >= 5, or % 5 for each fifth");
  private static final BreakpointDialog.Field LOG =
      new BreakpointDialog.Field(
          DapLineBreakpoint.LOG_MESSAGE,
          "Prints, and does not stop",
          "{size} bytes at {address} by {thread}");

  @Override
  public Object execute(ExecutionEvent event) {
    if (HandlerUtil.getCurrentSelection(event) instanceof IStructuredSelection selection
        && selection.getFirstElement() instanceof IBreakpoint breakpoint
        && breakpoint.getMarker() != null) {
      ask(event, breakpoint);
    }
    return null;
  }

  private static void ask(ExecutionEvent event, IBreakpoint breakpoint) {
    IMarker marker = breakpoint.getMarker();
    Map<BreakpointDialog.Field, String> texts = new LinkedHashMap<>();
    for (BreakpointDialog.Field field : fields(breakpoint)) {
      texts.put(field, marker.getAttribute(field.attribute(), ""));
    }
    BreakpointDialog dialog = new BreakpointDialog(HandlerUtil.getActiveShell(event), texts);
    if (dialog.open() == Window.OK) {
      try {
        change(marker, dialog.texts());
      } catch (CoreException e) {
        Problem.show("The breakpoint cannot be changed", e);
      }
    }
  }

  private static BreakpointDialog.Field[] fields(IBreakpoint breakpoint) {
    return switch (breakpoint) {
      case DapLineBreakpoint line -> new BreakpointDialog.Field[] {CONDITION, HITS, LOG};
      case DapExceptionBreakpoint filter -> new BreakpointDialog.Field[] {CONDITION};
      default -> new BreakpointDialog.Field[] {CONDITION, HITS};
    };
  }

  private static void change(IMarker marker, Map<BreakpointDialog.Field, String> texts)
      throws CoreException {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    texts.forEach(
        (field, text) -> {
          names.add(field.attribute());
          values.add(text.isBlank() ? null : text.strip());
        });
    // At once: a program that runs is not stopped by half of them.
    marker.setAttributes(names.toArray(String[]::new), values.toArray());
  }
}
