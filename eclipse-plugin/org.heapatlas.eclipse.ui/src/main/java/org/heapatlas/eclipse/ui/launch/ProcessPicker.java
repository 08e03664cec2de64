package org.heapatlas.eclipse.ui.launch;

import java.util.Comparator;
import org.eclipse.jface.viewers.LabelProvider;
import org.eclipse.jface.window.Window;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.dialogs.ElementListSelectionDialog;

/** A list of the processes that say what they run, the youngest first. */
final class ProcessPicker {
  private ProcessPicker() {}

  private record Running(long pid, String command) {
    static Running of(ProcessHandle process) {
      return new Running(
          process.pid(), process.info().commandLine().or(process.info()::command).orElse(""));
    }

    String words() {
      return "%s  (%d)".formatted(command, pid);
    }
  }

  /** The number of the process that is chosen; null for none. */
  static String choose(Shell shell) {
    ElementListSelectionDialog dialog =
        new ElementListSelectionDialog(
            shell, LabelProvider.createTextProvider(process -> ((Running) process).words()));
    dialog.setTitle("Attach");
    dialog.setMessage("Choose a process (? = any character, * = any text):");
    dialog.setElements(
        ProcessHandle.allProcesses()
            .map(Running::of)
            .filter(process -> !process.command().isEmpty())
            .sorted(Comparator.comparingLong(Running::pid).reversed())
            .toArray());
    return dialog.open() == Window.OK
        ? Long.toString(((Running) dialog.getFirstResult()).pid())
        : null;
  }
}
