package org.heapatlas.eclipse.ui;

import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.IStartup;
import org.heapatlas.eclipse.dap.Waiting;

/** Called by the workbench once it is up: its thread never waits for an adapter. */
public final class Start implements IStartup {
  @Override
  public void earlyStartup() {
    Waiting.forbid(Display.getDefault().getThread());
  }
}
