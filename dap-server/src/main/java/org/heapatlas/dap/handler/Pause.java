package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.PauseArguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;

/** Stops the process of the thread, with all its threads. */
public final class Pause implements Handler<PauseArguments> {
  @Override
  public Object handle(DapSession session, PauseArguments arguments) {
    Debuggee debuggee = session.debuggee();
    debuggee.pause(debuggee.processOf(arguments.getThreadId()));
    return null;
  }
}
