package org.heapatlas.eclipse.ui.views;

import javafx.scene.paint.Color;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.RGB;
import org.eclipse.swt.widgets.Control;
import org.heapatlas.eclipse.ui.widgets.Theme;

/** The widgets' theme that goes with the workbench's. */
final class WorkbenchTheme {
  private static final double DARK_BELOW = 0.5;

  private WorkbenchTheme() {}

  static Theme of(Control control) {
    var display = control.getDisplay();
    boolean dark =
        luminance(display.getSystemColor(SWT.COLOR_LIST_BACKGROUND).getRGB()) < DARK_BELOW;
    if (display.getHighContrast()) return dark ? Theme.CONTRAST_DARK : Theme.CONTRAST_LIGHT;
    // The workbench's own dark theme colours views, not the system's lists.
    boolean darkView = luminance(control.getParent().getBackground().getRGB()) < DARK_BELOW;
    return dark || darkView ? Theme.DARK : Theme.LIGHT;
  }

  /** A style for what lies behind the widgets. */
  static String ground(Theme theme) {
    Color ground = theme.ground();
    return "-fx-background-color: rgb(%d, %d, %d);"
        .formatted(byteOf(ground.getRed()), byteOf(ground.getGreen()), byteOf(ground.getBlue()));
  }

  private static int byteOf(double part) {
    return (int) Math.round(part * 255);
  }

  private static double luminance(RGB colour) {
    return (0.2126 * colour.red + 0.7152 * colour.green + 0.0722 * colour.blue) / 255;
  }
}
