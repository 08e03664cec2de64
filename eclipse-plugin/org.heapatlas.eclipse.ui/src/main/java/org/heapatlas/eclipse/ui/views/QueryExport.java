package org.heapatlas.eclipse.ui.views;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Shell;
import org.heapatlas.eclipse.session.HeapSession;
import org.heapatlas.eclipse.ui.Problem;

/**
 * A query's rows as a file, and how scripts read it. The server writes the file; its progress shows
 * as that of any of its requests does, with a way to cancel it.
 */
record QueryExport(HeapSession session, String sql) {
  private static final Map<String, List<String>> READERS =
      Map.of(
          "csv", List.of("read_csv", "read.csv"),
          "parquet", List.of("read_parquet", "arrow::read_parquet"),
          "xlsx", List.of("read_excel", "readxl::read_excel"),
          "json", List.of("read_json", "jsonlite::fromJSON"));

  static QueryExport of(HeapSession session, String sql) {
    return new QueryExport(session, sql);
  }

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
            (nothing, failure) -> {
              if (display.isDisposed()) return;
              display.asyncExec(
                  () -> {
                    if (shell.isDisposed()) return;
                    if (failure == null) told(file, shell);
                    else Problem.show("The rows are not written", failure);
                  });
            });
  }

  private static void told(Path file, Shell shell) {
    String[] buttons = {IDialogConstants.OK_LABEL, "Copy for pandas", "Copy for R"};
    int pressed =
        MessageDialog.open(
            MessageDialog.INFORMATION,
            shell,
            "HeapAtlas",
            "%s is written.".formatted(file.getFileName()),
            SWT.NONE,
            buttons);
    if (pressed > 0) Copies.text(shell.getDisplay(), reading(file, pressed == 1));
  }

  /** What a script of Python, or of R, reads the file with. */
  static String reading(Path file, boolean python) {
    String name = file.toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    List<String> readers = READERS.getOrDefault(ending, READERS.get("csv"));
    String quoted = '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    return python
        ? "import pandas%n%nrows = pandas.%s(%s)%n".formatted(readers.getFirst(), quoted)
        : "rows <- %s(%s)%n".formatted(readers.getLast(), quoted);
  }
}
