package org.heapatlas.eclipse.ui.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.jface.layout.GridLayoutFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.events.SelectionListener;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Combo;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.DirectoryDialog;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;

/** A column of labelled fields, each bound to an attribute of the configuration. */
final class Fields {
  private static final int COLUMNS = 3;
  private static final int LINES = 3;

  /** Reads and writes one attribute. */
  private interface Binding {
    void show(ILaunchConfiguration configuration) throws CoreException;

    void store(ILaunchConfigurationWorkingCopy configuration);
  }

  private final Composite parent;
  private final Runnable changed;
  private final List<Binding> bindings = new ArrayList<>();
  private boolean showing;

  /**
   * Fields in a composite, which gets their layout.
   *
   * @param changed called when a user has changed one
   */
  Fields(Composite parent, Runnable changed) {
    this.parent = parent;
    this.changed = changed;
    GridLayoutFactory.swtDefaults().numColumns(COLUMNS).applyTo(parent);
  }

  void show(ILaunchConfiguration configuration) throws CoreException {
    showing = true;
    try {
      for (Binding binding : bindings) {
        binding.show(configuration);
      }
    } finally {
      showing = false;
    }
  }

  void store(ILaunchConfigurationWorkingCopy configuration) {
    bindings.forEach(binding -> binding.store(configuration));
  }

  private void notifyChanged() {
    if (!showing) {
      changed.run();
    }
  }

  Text text(String label, String attribute, String hint) {
    Text text = field(label, SWT.BORDER, COLUMNS - 1, hint);
    bind(text, attribute);
    return text;
  }

  Text lines(String label, String attribute, String hint) {
    Text text = field(label, SWT.BORDER | SWT.MULTI | SWT.WRAP | SWT.V_SCROLL, COLUMNS - 1, hint);
    GridDataFactory.fillDefaults()
        .span(COLUMNS - 1, 1)
        .grab(true, false)
        .hint(SWT.DEFAULT, text.getLineHeight() * LINES)
        .applyTo(text);
    bind(text, attribute);
    return text;
  }

  Text folder(String label, String attribute, String hint) {
    return browsed(
        label, attribute, hint, "Browse…", () -> new DirectoryDialog(parent.getShell()).open());
  }

  Text file(String label, String attribute, String hint) {
    return browsed(
        label, attribute, hint, "Browse…", () -> new FileDialog(parent.getShell()).open());
  }

  /** A text with a button that chooses it; a choice of null changes nothing. */
  Text browsed(
      String label, String attribute, String hint, String button, Supplier<String> choice) {
    Text text = field(label, SWT.BORDER, 1, hint);
    Button browse = new Button(parent, SWT.PUSH);
    browse.setText(button);
    browse.addSelectionListener(
        SelectionListener.widgetSelectedAdapter(
            event -> {
              String chosen = choice.get();
              if (chosen != null) {
                text.setText(chosen);
              }
            }));
    bind(text, attribute);
    return text;
  }

  private Text field(String label, int style, int span, String hint) {
    Label name = new Label(parent, SWT.NONE);
    name.setText(label);
    GridDataFactory.swtDefaults().align(SWT.BEGINNING, SWT.TOP).indent(0, 5).applyTo(name);
    Text text = new Text(parent, style);
    text.setMessage(hint);
    text.setToolTipText(hint);
    GridDataFactory.fillDefaults().span(span, 1).grab(true, false).applyTo(text);
    return text;
  }

  private void bind(Text text, String attribute) {
    text.addModifyListener(event -> notifyChanged());
    bindings.add(
        new Binding() {
          @Override
          public void show(ILaunchConfiguration configuration) throws CoreException {
            text.setText(configuration.getAttribute(attribute, ""));
          }

          @Override
          public void store(ILaunchConfigurationWorkingCopy configuration) {
            String written = text.getText().strip();
            configuration.setAttribute(attribute, written.isEmpty() ? null : written);
          }
        });
  }

  /** A list of words, shown on one line. */
  Text words(String label, String attribute, String hint) {
    Text text = field(label, SWT.BORDER, COLUMNS - 1, hint);
    text.addModifyListener(event -> notifyChanged());
    bindings.add(
        new Binding() {
          @Override
          public void show(ILaunchConfiguration configuration) throws CoreException {
            text.setText(
                String.join(", ", configuration.getAttribute(attribute, List.<String>of())));
          }

          @Override
          public void store(ILaunchConfigurationWorkingCopy configuration) {
            configuration.setAttribute(
                attribute, org.heapatlas.eclipse.launch.LaunchRequest.words(text.getText()));
          }
        });
    return text;
  }

  Button check(String label, String attribute, boolean otherwise) {
    Button check = new Button(parent, SWT.CHECK);
    check.setText(label);
    GridDataFactory.swtDefaults().span(COLUMNS, 1).applyTo(check);
    check.addSelectionListener(SelectionListener.widgetSelectedAdapter(event -> notifyChanged()));
    bindings.add(
        new Binding() {
          @Override
          public void show(ILaunchConfiguration configuration) throws CoreException {
            check.setSelection(configuration.getAttribute(attribute, otherwise));
          }

          @Override
          public void store(ILaunchConfigurationWorkingCopy configuration) {
            configuration.setAttribute(attribute, check.getSelection());
          }
        });
    return check;
  }

  /** One of some values, each shown as words; the first is taken where none is written. */
  Combo choice(String label, String attribute, List<Choice> choices) {
    Label name = new Label(parent, SWT.NONE);
    name.setText(label);
    Combo combo = new Combo(parent, SWT.READ_ONLY | SWT.DROP_DOWN);
    combo.setItems(choices.stream().map(Choice::words).toArray(String[]::new));
    GridDataFactory.fillDefaults().span(COLUMNS - 1, 1).applyTo(combo);
    combo.addSelectionListener(SelectionListener.widgetSelectedAdapter(event -> notifyChanged()));
    bindings.add(
        new Binding() {
          @Override
          public void show(ILaunchConfiguration configuration) throws CoreException {
            String written = configuration.getAttribute(attribute, choices.get(0).value());
            combo.select(
                Math.max(0, choices.stream().map(Choice::value).toList().indexOf(written)));
          }

          @Override
          public void store(ILaunchConfigurationWorkingCopy configuration) {
            configuration.setAttribute(attribute, choices.get(combo.getSelectionIndex()).value());
          }
        });
    return combo;
  }

  /** A value of an attribute, and how it is told. */
  record Choice(String value, String words) {}
}
