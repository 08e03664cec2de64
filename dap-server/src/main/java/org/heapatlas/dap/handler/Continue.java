package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.ContinueResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.Then;
import org.heapatlas.model.WatchedProcess;

/**
 * Lets the process of the thread go on, with all its threads; of a recording, to the next
 * breakpoint or the end.
 */
public final class Continue implements Handler<ContinueArguments> {
  @Override
  public Object handle(DapSession session, ContinueArguments arguments) {
    Debuggee debuggee = session.debuggee();
    WatchedProcess process = debuggee.processOf(arguments.getThreadId());
    ContinueResponse response = new ContinueResponse();
    if (debuggee.replay().isPresent()) {
      response.setAllThreadsContinued(true);
      int tid = Steps.tid(session, arguments.getThreadId(), process);
      return new Then(response, debuggee.replay().get().run(process, tid, false));
    }
    response.setAllThreadsContinued(debuggee.resume(process));
    return response;
  }
}
