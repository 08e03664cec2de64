package org.heapatlas.dap.handler;

import java.util.List;
import org.eclipse.lsp4j.debug.Variable;
import org.eclipse.lsp4j.debug.VariablesArguments;
import org.eclipse.lsp4j.debug.VariablesResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.model.Problem;

/** The variables of a group, in the window that the client asks for. */
public final class Variables implements Handler<VariablesArguments> {
  @Override
  public Object handle(DapSession session, VariablesArguments arguments) {
    int reference = arguments.getVariablesReference();
    List<Variable> all =
        session
            .references()
            .variables(reference)
            .orElseThrow(
                () -> Problem.notFound("there are no variables %d any more".formatted(reference)));
    int start = Math.clamp(arguments.getStart() == null ? 0 : arguments.getStart(), 0, all.size());
    int count =
        arguments.getCount() == null || arguments.getCount() <= 0
            ? all.size()
            : arguments.getCount();
    VariablesResponse response = new VariablesResponse();
    response.setVariables(
        all.subList(start, (int) Math.min(all.size(), (long) start + count))
            .toArray(Variable[]::new));
    return response;
  }
}
