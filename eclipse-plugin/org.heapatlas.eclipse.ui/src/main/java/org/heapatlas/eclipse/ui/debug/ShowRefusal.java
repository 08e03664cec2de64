package org.heapatlas.eclipse.ui.debug;

import org.eclipse.core.runtime.IStatus;
import org.eclipse.debug.core.IStatusHandler;
import org.eclipse.ui.statushandlers.StatusManager;

/** Shows what an adapter refused after whoever asked for it had gone on. */
public final class ShowRefusal implements IStatusHandler {
  @Override
  public Object handleStatus(IStatus status, Object source) {
    StatusManager.getManager().handle(status, StatusManager.SHOW | StatusManager.LOG);
    return null;
  }
}
