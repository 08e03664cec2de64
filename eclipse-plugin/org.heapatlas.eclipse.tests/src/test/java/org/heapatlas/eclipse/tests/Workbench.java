package org.heapatlas.eclipse.tests;

import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.jface.dialogs.MessageDialogWithToggle;

/** The workbench's own questions, answered beforehand. */
public final class Workbench {
  private static final String DEBUG_UI = "org.eclipse.debug.ui";

  private Workbench() {}

  /** Shows the perspective of HeapAtlas at a stop, and does not ask. */
  public static void followsStops() {
    atStops(MessageDialogWithToggle.ALWAYS);
  }

  /** A stop leaves the perspective as it is. */
  public static void staysInPlace() {
    atStops(MessageDialogWithToggle.NEVER);
  }

  private static void atStops(String follow) {
    IEclipsePreferences debug = InstanceScope.INSTANCE.getNode(DEBUG_UI);
    debug.put(DEBUG_UI + ".switch_perspective_on_suspend", follow);
    debug.put(DEBUG_UI + ".switch_to_perspective", MessageDialogWithToggle.NEVER);
  }
}
