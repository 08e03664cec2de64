package org.heapatlas.eclipse.ui.views;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.eclipse.core.filesystem.EFS;
import org.eclipse.core.runtime.ILog;
import org.eclipse.jface.text.BadLocationException;
import org.eclipse.jface.text.IDocument;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.ide.IDE;
import org.eclipse.ui.texteditor.ITextEditor;

/** Shows a source line that a view names. */
final class SourceEditor {
  private SourceEditor() {}

  /**
   * @param line from 1
   */
  static void open(IWorkbenchPage page, String path, int line, Consumer<String> report) {
    Path file = Path.of(path);
    if (!file.isAbsolute() || !Files.isRegularFile(file)) {
      report.accept("'%s' is not on this machine.".formatted(path));
      return;
    }
    try {
      var editor = IDE.openEditorOnFileStore(page, EFS.getLocalFileSystem().getStore(file.toUri()));
      if (editor.getAdapter(ITextEditor.class) instanceof ITextEditor text) select(text, line);
    } catch (PartInitException e) {
      ILog.of(SourceEditor.class).log(e.getStatus());
      report.accept("'%s' cannot be opened: %s".formatted(path, e.getMessage()));
    }
  }

  private static void select(ITextEditor editor, int line) {
    IDocument document = editor.getDocumentProvider().getDocument(editor.getEditorInput());
    try {
      var region = document.getLineInformation(line - 1);
      editor.selectAndReveal(region.getOffset(), region.getLength());
    } catch (BadLocationException shorter) {
      // The file has changed since the program was built; its begin shows then.
      ILog.of(SourceEditor.class).info("No line %d in the file.".formatted(line));
    }
  }
}
