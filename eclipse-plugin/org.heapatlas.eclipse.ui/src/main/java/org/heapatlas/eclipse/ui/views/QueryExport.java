package org.heapatlas.eclipse.ui.views;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Shell;
import org.heapatlas.eclipse.session.HeapSession;
import org.heapatlas.eclipse.ui.Problem;
import org.heapatlas.eclipse.view.Messages;

/**
 * A query's rows as a file, and how scripts read it. The server writes the file; its progress shows
 * as that of any of its requests does, with a way to cancel it.
 */
record QueryExport(HeapSession session, String sql) {
  /** Asks for the file, writes it, and says so. */
  void ask(Shell shell) {
    var dialog = new FileDialog(shell, SWT.SAVE);
    dialog.setText("Export the rows of the query");
    dialog.setFilterNames(new String[] {"CSV", "Parquet", "Spreadsheet", "JSON"});
    dialog.setFilterExtensions(new String[] {"*.csv", "*.parquet", "*.xlsx", "*.json"});
    dialog.setFileName("query.csv");
    dialog.setOverwrite(true);
    String chosen = dialog.open();
    if (chosen != null) write(Path.of(chosen), shell);
  }

  private void write(Path file, Shell shell) {
    var display = shell.getDisplay();
    session
        .exportQuery(sql, file)
        .whenComplete(
            (scripts, failure) -> {
              if (display.isDisposed()) return;
              display.asyncExec(
                  () -> {
                    if (shell.isDisposed()) return;
                    if (failure == null) told(file, scripts, shell);
                    else Problem.show("The rows are not written", failure);
                  });
            });
  }

  private static void told(Path file, List<Messages.RowScript> scripts, Shell shell) {
    Stream<String> copies = scripts.stream().map(script -> "Copy for " + script.title());
    int pressed =
        MessageDialog.open(
            MessageDialog.INFORMATION,
            shell,
            "HeapAtlas",
            "%s is written.".formatted(file.getFileName()),
            SWT.NONE,
            Stream.concat(Stream.of(IDialogConstants.OK_LABEL), copies).toArray(String[]::new));
    if (pressed > 0) Copies.text(shell.getDisplay(), scripts.get(pressed - 1).code());
  }
}
