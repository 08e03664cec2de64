package org.heapatlas.eclipse.ui;

import org.eclipse.core.runtime.Status;
import org.eclipse.ui.statushandlers.StatusManager;
import org.heapatlas.eclipse.dap.Dap;

/** What could not be done for the user, in a dialog and in the log. From any thread. */
public final class Problem {
  private Problem() {}

  /**
   * @param what could not be done, as a sentence without its full stop
   */
  public static void show(String what, Throwable why) {
    StatusManager.getManager()
        .handle(
            Status.error(what + ": " + Dap.message(why), why),
            StatusManager.SHOW | StatusManager.LOG);
  }
}
