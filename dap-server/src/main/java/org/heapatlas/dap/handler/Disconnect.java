package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.DisconnectArguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;

/**
 * Ends the session: a launched program with it, an attached one not, unless the client says
 * otherwise.
 */
public final class Disconnect implements Handler<DisconnectArguments> {
  @Override
  public Object handle(DapSession session, DisconnectArguments arguments) {
    if (session.hasDebuggee()) {
      Debuggee debuggee = session.debuggee();
      Boolean wish = arguments == null ? null : arguments.getTerminateDebuggee();
      if (wish == null ? debuggee.launched() : wish) {
        debuggee.kill();
      } else {
        debuggee.leave();
      }
    }
    session.finish();
    return null;
  }
}
