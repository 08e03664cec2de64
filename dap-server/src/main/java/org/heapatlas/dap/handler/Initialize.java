package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.InitializeRequestArguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;

/** Says what this adapter can do. Answered at once: nothing here may connect, load or wait. */
public final class Initialize implements Handler<InitializeRequestArguments> {
  @Override
  public Object handle(DapSession session, InitializeRequestArguments arguments) {
    session.introduce(arguments == null ? new InitializeRequestArguments() : arguments);
    Capabilities can = new Capabilities();
    can.setSupportsConfigurationDoneRequest(true);
    can.setSupportsEvaluateForHovers(false);
    can.setSupportsCompletionsRequest(true);
    can.setCompletionTriggerCharacters(new String[] {" "});
    can.setSupportsModulesRequest(true);
    can.setSupportsLoadedSourcesRequest(true);
    can.setSupportsReadMemoryRequest(true);
    can.setSupportsTerminateRequest(true);
    can.setSupportTerminateDebuggee(true);
    can.setSupportsCancelRequest(true);
    can.setSupportsDelayedStackTraceLoading(true);
    return can;
  }
}
