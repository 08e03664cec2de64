package org.heapatlas.eclipse.ui;

import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.IStartup;
import org.heapatlas.eclipse.dap.Waiting;
import org.heapatlas.eclipse.ui.findings.FindingMarkers;

/**
 * Called by the workbench once it is up: its thread never waits for an adapter, and what sessions
 * find is in Problems, whether or not a view of ours is open.
 */
public final class Start implements IStartup {
  @Override
  public void earlyStartup() {
    Waiting.forbid(Display.getDefault().getThread());
    FindingMarkers.begin();
  }
}
