package org.heapatlas.eclipse.ui.breakpoints;

import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jface.dialogs.Dialog;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;

/** A line for each thing that can be said of a breakpoint; an empty one says nothing. */
final class BreakpointDialog extends Dialog {
  private static final int WIDTH = 420;

  /**
   * @param attribute of the breakpoint's marker
   * @param example shown where nothing is typed
   */
  record Field(String attribute, String title, String example) {}

  private final Map<Field, String> texts;

  BreakpointDialog(Shell parent, Map<Field, String> texts) {
    super(parent);
    this.texts = new LinkedHashMap<>(texts);
  }

  /** As they stand. */
  Map<Field, String> texts() {
    return Map.copyOf(texts);
  }

  @Override
  protected void configureShell(Shell shell) {
    super.configureShell(shell);
    shell.setText("Breakpoint Properties");
  }

  @Override
  protected boolean isResizable() {
    return true;
  }

  @Override
  protected Control createDialogArea(Composite parent) {
    Composite area = (Composite) super.createDialogArea(parent);
    Composite lines = new Composite(area, SWT.NONE);
    GridLayoutFactory.swtDefaults().numColumns(2).applyTo(lines);
    GridDataFactory.fillDefaults().grab(true, true).applyTo(lines);
    texts.forEach((field, text) -> add(lines, field, text));
    return area;
  }

  private void add(Composite lines, Field field, String text) {
    new Label(lines, SWT.NONE).setText(field.title() + ":");
    Text line = new Text(lines, SWT.BORDER | SWT.SINGLE);
    line.setMessage(field.example());
    line.setText(text);
    line.addModifyListener(event -> texts.put(field, line.getText()));
    GridDataFactory.fillDefaults().grab(true, false).hint(WIDTH, SWT.DEFAULT).applyTo(line);
  }
}
