package org.heapatlas.eclipse.tests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.swt.custom.CLabel;
import org.eclipse.swt.custom.StyledText;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.PlatformUI;

/** Windows that come up by themselves. */
final class Shells {
  private Shells() {}

  /** Waits for a window with a sentence in it, pictures it, and closes it. */
  static void closedThatSays(String sentence) throws Exception {
    Until.holds("a window says '" + sentence + "'", () -> saying(sentence).isPresent());
    Pictures.take("says " + sentence.replaceAll("\\W+", " ").strip());
    Shell shell = saying(sentence).orElseThrow();
    shell.close();
    Until.holds("the window is closed", shell::isDisposed);
  }

  /** A window by its title. */
  static Optional<Shell> titled(String title) {
    return Arrays.stream(Display.getCurrent().getShells())
        .filter(shell -> shell.isVisible() && shell.getText().equals(title))
        .findFirst();
  }

  private static Optional<Shell> saying(String sentence) {
    Shell workbench = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell();
    return Arrays.stream(Display.getCurrent().getShells())
        .filter(shell -> shell != workbench && shell.isVisible())
        .filter(shell -> texts(shell).stream().anyMatch(text -> text.contains(sentence)))
        .findFirst();
  }

  /** All controls in a window, outer ones first. */
  static List<Control> controls(Composite in) {
    List<Control> found = new ArrayList<>();
    for (Control child : in.getChildren()) {
      found.add(child);
      if (child instanceof Composite more) found.addAll(controls(more));
    }
    return found;
  }

  private static List<String> texts(Shell shell) {
    return controls(shell).stream().map(Shells::text).toList();
  }

  private static String text(Control control) {
    return switch (control) {
      case Label label -> label.getText();
      case CLabel label -> label.getText();
      case Text text -> text.getText();
      case StyledText text -> text.getText();
      default -> "";
    };
  }
}
