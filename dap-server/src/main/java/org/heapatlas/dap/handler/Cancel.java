package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.CancelArguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;

/** Interrupts a request or a progress; what has ended already is left alone. */
public final class Cancel implements Handler<CancelArguments> {
  @Override
  public Object handle(DapSession session, CancelArguments arguments) {
    if (arguments != null) {
      session.work().cancel(arguments.getRequestId(), arguments.getProgressId());
    }
    return null;
  }
}
