package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.swt.custom.CTabFolder;
import org.eclipse.swt.custom.CTabItem;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import org.eclipse.ui.PlatformUI;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tabs of a launch configuration, in the platform's own dialog. */
class LaunchTabsTest {
  private ILaunchConfiguration configuration;

  @BeforeEach
  void make() throws Exception {
    ILaunchConfigurationWorkingCopy made =
        DebugPlugin.getDefault()
            .getLaunchManager()
            .getLaunchConfigurationType(LaunchAttributes.TYPE)
            .newInstance(null, "redis");
    made.setAttribute(LaunchAttributes.PROGRAM, "/usr/bin/redis-server");
    configuration = made.doSave();
  }

  @AfterEach
  void delete() throws Exception {
    configuration.delete();
  }

  /** Opens the dialog, which has an event loop of its own, and walks through it from within. */
  private void inDialog(Walk walk) throws Exception {
    Display display = Display.getCurrent();
    Throwable[] failure = new Throwable[1];
    display.asyncExec(
        () -> {
          try {
            Until.holds("the dialog is open", () -> dialog() != null && tabs(dialog()) != null);
            walk.through(dialog());
          } catch (Throwable e) {
            // Told once the dialog is closed.
            failure[0] = e;
          } finally {
            dialog().close();
          }
        });
    DebugUITools.openLaunchConfigurationDialog(
        PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell(),
        configuration,
        IDebugUIConstants.ID_DEBUG_LAUNCH_GROUP,
        null);
    if (failure[0] != null) {
      throw new AssertionError(failure[0]);
    }
  }

  private interface Walk {
    void through(Shell dialog) throws Exception;
  }

  private static Shell dialog() {
    return Arrays.stream(Display.getCurrent().getShells())
        .filter(shell -> shell.isVisible() && shell.getParent() != null)
        .findFirst()
        .orElse(null);
  }

  private static Stream<Control> all(Control from) {
    return from instanceof Composite composite
        ? Stream.concat(
            Stream.of(from), Arrays.stream(composite.getChildren()).flatMap(LaunchTabsTest::all))
        : Stream.of(from);
  }

  private static CTabFolder tabs(Shell dialog) {
    return all(dialog)
        .filter(CTabFolder.class::isInstance)
        .map(CTabFolder.class::cast)
        .findFirst()
        .orElse(null);
  }

  private static CTabItem open(Shell dialog, String title) throws Exception {
    CTabFolder folder = tabs(dialog);
    CTabItem item =
        Arrays.stream(folder.getItems())
            .filter(tab -> tab.getText().equals(title))
            .findFirst()
            .orElseThrow();
    folder.setSelection(item);
    folder.notifyListeners(org.eclipse.swt.SWT.Selection, new org.eclipse.swt.widgets.Event());
    Until.holds(
        title + " is shown", () -> item.getControl() != null && item.getControl().isVisible());
    return item;
  }

  private static Button button(Control in, String text) {
    return all(in)
        .filter(control -> control instanceof Button button && button.getText().equals(text))
        .map(Button.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no button " + text));
  }

  private static Text text(Control in, String hint) {
    return all(in)
        .filter(control -> control instanceof Text text && hint.equals(text.getMessage()))
        .map(Text.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no text " + hint));
  }

  private static boolean says(Shell dialog, String words) {
    return all(dialog)
        .anyMatch(
            control ->
                control instanceof Text text && text.getText().strip().equals(words)
                    || control instanceof org.eclipse.swt.widgets.Label label
                        && label.getText().strip().equals(words));
  }

  @Test
  void everyTabOfTheTypeIsThere() throws Exception {
    inDialog(
        dialog -> {
          assertEquals(
              java.util.List.of(
                  "Program",
                  "Attach",
                  "Recording",
                  "Monitoring",
                  "Environment",
                  "Source",
                  "Common"),
              Arrays.stream(tabs(dialog).getItems()).map(CTabItem::getText).toList());
          for (String tab : java.util.List.of("Program", "Attach", "Recording", "Monitoring")) {
            open(dialog, tab);
            Pictures.take("launch-" + tab.toLowerCase(java.util.Locale.ROOT));
          }
        });
  }

  @Test
  void aProgramThatIsNotThereIsToldAndKeepsFromLaunching() throws Exception {
    inDialog(
        dialog -> {
          CTabItem program = open(dialog, "Program");
          assertTrue(button(dialog, "&Debug").isEnabled());
          text(program.getControl(), "The program to run. It needs no change, and no rebuild.")
              .setText("/no/such/program");
          Until.holds("debug is off", () -> !button(dialog, "&Debug").isEnabled());
          Until.holds(
              "the reason is told",
              () -> says(dialog, "'/no/such/program' is no program that can be started."));
          Pictures.take("launch-problem");
          button(dialog, "Re&vert")
              .notifyListeners(org.eclipse.swt.SWT.Selection, new org.eclipse.swt.widgets.Event());
        });
  }
}
