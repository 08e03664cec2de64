package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.TerminateArguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;

/** Asks the program to end, so that it can clean up; the session goes on until it has. */
public final class Terminate implements Handler<TerminateArguments> {
  @Override
  public Object handle(DapSession session, TerminateArguments arguments) {
    session.debuggee().terminate();
    return null;
  }
}
