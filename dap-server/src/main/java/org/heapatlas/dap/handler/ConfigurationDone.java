package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.ConfigurationDoneArguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.Then;

/** The client has set its breakpoints: a recording may go to its first stop. */
public final class ConfigurationDone implements Handler<ConfigurationDoneArguments> {
  @Override
  public Object handle(DapSession session, ConfigurationDoneArguments arguments) {
    return new Then(null, session::configured);
  }
}
