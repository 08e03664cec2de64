package org.heapatlas.eclipse.tests;

import org.eclipse.core.runtime.preferences.IEclipsePreferences;
import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.jface.dialogs.MessageDialogWithToggle;

/** The workbench's own questions, answered beforehand. */
final class Workbench {
  private static final String DEBUG_UI = "org.eclipse.debug.ui";

  private Workbench() {}

  /** Shows the Debug perspective at a stop, and does not ask. */
  static void followsStops() {
    IEclipsePreferences debug = InstanceScope.INSTANCE.getNode(DEBUG_UI);
    debug.put(DEBUG_UI + ".switch_perspective_on_suspend", MessageDialogWithToggle.ALWAYS);
    debug.put(DEBUG_UI + ".switch_to_perspective", MessageDialogWithToggle.NEVER);
  }
}
