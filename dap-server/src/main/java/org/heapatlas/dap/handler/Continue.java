package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.ContinueResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;

/** Lets the process of the thread go on, with all its threads. */
public final class Continue implements Handler<ContinueArguments> {
  @Override
  public Object handle(DapSession session, ContinueArguments arguments) {
    Debuggee debuggee = session.debuggee();
    ContinueResponse response = new ContinueResponse();
    response.setAllThreadsContinued(debuggee.resume(debuggee.processOf(arguments.getThreadId())));
    return response;
  }
}
