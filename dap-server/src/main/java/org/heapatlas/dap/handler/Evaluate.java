package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.EvaluateArguments;
import org.eclipse.lsp4j.debug.EvaluateResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.MemoryReference;
import org.heapatlas.dap.References;
import org.heapatlas.dap.Then;

/** Runs a command of the debug console. */
public final class Evaluate implements Handler<EvaluateArguments> {
  @Override
  public Object handle(DapSession session, EvaluateArguments arguments) {
    Command.Scene scene = new Command.Scene(session, arguments.getFrameId());
    Command.Result result = Command.evaluate(scene, arguments.getExpression());
    EvaluateResponse response = new EvaluateResponse();
    response.setResult(result.text());
    References.Located located = result.located();
    if (located != null) {
      response.setMemoryReference(
          MemoryReference.text(
              session.debuggee(), located.process(), located.allocation().address()));
      response.setVariablesReference(
          session
              .references()
              .variables(located.process(), () -> HeapVariables.allocation(session, located)));
    }
    return result.then() == null ? response : new Then(response, result.then());
  }
}
