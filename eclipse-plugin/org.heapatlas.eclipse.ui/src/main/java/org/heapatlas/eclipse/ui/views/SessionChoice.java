package org.heapatlas.eclipse.ui.views;

import org.eclipse.core.runtime.Adapters;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.model.IDebugElement;
import org.eclipse.debug.core.model.IDebugTarget;
import org.eclipse.debug.ui.contexts.DebugContextEvent;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.session.Sessions;

/** What is selected in the Debug view is the session that views follow. */
final class SessionChoice {
  private SessionChoice() {}

  static void heed(DebugContextEvent event) {
    boolean chosen = (event.getFlags() & DebugContextEvent.ACTIVATED) != 0;
    if (chosen && event.getContext() instanceof IStructuredSelection selection) {
      IDebugTarget target = targetOf(selection.getFirstElement());
      if (target instanceof DapTarget ours) Sessions.shared().choose(ours);
    }
  }

  private static IDebugTarget targetOf(Object selected) {
    if (selected instanceof ILaunch launch) return launch.getDebugTarget();
    IDebugElement element = Adapters.adapt(selected, IDebugElement.class);
    return element == null ? null : element.getDebugTarget();
  }
}
