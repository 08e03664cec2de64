package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.EvaluateArguments;
import org.eclipse.lsp4j.debug.EvaluateResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.model.Address;

/** Runs a command of the debug console. */
public final class Evaluate implements Handler<EvaluateArguments> {
  @Override
  public Object handle(DapSession session, EvaluateArguments arguments) {
    Command.Result result = Command.evaluate(session, arguments.getExpression());
    EvaluateResponse response = new EvaluateResponse();
    response.setResult(result.text());
    if (result.allocation() != null) {
      response.setMemoryReference(Address.text(result.allocation().address()));
      response.setVariablesReference(
          session
              .references()
              .variables(() -> HeapVariables.allocation(session, result.allocation())));
    }
    return response;
  }
}
