package org.heapatlas.eclipse.journeys;

import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Listener;
import org.eclipse.swt.widgets.MenuItem;
import org.eclipse.ui.PlatformUI;
import org.heapatlas.eclipse.tests.Until;

/** The workbench's own menus, walked through by the arrow keys. */
final class Menus {
  private static final int MOST_ITEMS = 60;

  private Menus() {}

  /** Opens one of the menu bar by its letter, and chooses an item. */
  static void choose(char letter, String item) throws Exception {
    var display = PlatformUI.getWorkbench().getDisplay();
    MenuItem[] armed = new MenuItem[1];
    Listener listener = event -> armed[0] = (MenuItem) event.widget;
    display.syncExec(() -> display.addFilter(SWT.Arm, listener));
    try {
      Hand.key(letter, SWT.ALT);
      for (int i = 0; i < MOST_ITEMS; i++) {
        MenuItem before = armed[0];
        Hand.key(SWT.ARROW_DOWN);
        Until.holds("the cursor moves in the menu", () -> armed[0] != before);
        if (Eye.on(() -> armed[0].getText()).replace("&", "").startsWith(item)) {
          Hand.key(SWT.CR);
          return;
        }
      }
    } finally {
      display.syncExec(() -> display.removeFilter(SWT.Arm, listener));
    }
    throw new AssertionError("The menu has no item '%s'.".formatted(item));
  }
}
