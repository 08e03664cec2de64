package org.heapatlas.eclipse.ui.breakpoints;

import java.math.BigInteger;
import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.jface.dialogs.IInputValidator;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.handlers.HandlerUtil;
import org.heapatlas.eclipse.dap.DapVariable;
import org.heapatlas.eclipse.dap.DapWatchpoint;
import org.heapatlas.eclipse.ui.Problem;

/** Watches the variable that is selected, or an address and a length that are typed. */
public final class AddWatchpoint extends AbstractHandler {
  private static final String FORM = "0[xX][0-9a-fA-F]{1,16}(\\s*,\\s*[1-9]\\d{0,8})?";
  private static final int WORD_BYTES = 8;

  @Override
  public Object execute(ExecutionEvent event) {
    if (HandlerUtil.getCurrentSelection(event) instanceof IStructuredSelection selection
        && selection.getFirstElement() instanceof DapVariable variable) {
      DapWatchpoint.on(variable).whenComplete(AddWatchpoint::tellRefusal);
    } else {
      ask(HandlerUtil.getActiveShell(event));
    }
    return null;
  }

  /** For an address and a length. */
  static void ask(Shell shell) {
    IInputValidator validator =
        typed ->
            typed.strip().matches(FORM) ? null : "Write an address, 0x…, and perhaps a length.";
    InputDialog dialog =
        new InputDialog(
            shell,
            "Add Watchpoint",
            "Address, and the number of bytes (8 where none is written):",
            "0x",
            validator);
    if (dialog.open() == Window.OK) {
      watch(dialog.getValue().strip());
    }
  }

  private static void watch(String typed) {
    String[] parts = typed.split("\\s*,\\s*");
    int bytes = parts.length == 1 ? WORD_BYTES : Integer.parseInt(parts[1]);
    try {
      DapWatchpoint.at(new BigInteger(parts[0].substring(2), 16), bytes);
    } catch (CoreException e) {
      Problem.show("The watchpoint cannot be set", e);
    }
  }

  static void tellRefusal(DapWatchpoint set, Throwable refusal) {
    if (refusal != null) {
      Problem.show("This cannot be watched", refusal);
    }
  }
}
