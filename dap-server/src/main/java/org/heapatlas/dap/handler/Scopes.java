package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.lsp4j.debug.Scope;
import org.eclipse.lsp4j.debug.ScopesArguments;
import org.eclipse.lsp4j.debug.ScopesResponse;
import org.eclipse.lsp4j.debug.Variable;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.References;
import org.heapatlas.model.Problem;

/** The process's key figures, and the allocation that was looked at last. */
public final class Scopes implements Handler<ScopesArguments> {
  @Override
  public Object handle(DapSession session, ScopesArguments arguments) {
    References.FrameKey frame =
        session
            .references()
            .frame(arguments.getFrameId())
            .orElseThrow(
                () ->
                    Problem.notFound(
                        "there is no frame %d any more".formatted(arguments.getFrameId())));
    List<Scope> scopes = new ArrayList<>();
    scopes.add(scope(session, "Process", () -> HeapVariables.process(session, frame.process())));
    session
        .references()
        .lastFound()
        .ifPresent(
            found ->
                scopes.add(
                    scope(session, "Allocation", () -> HeapVariables.allocation(session, found))));
    ScopesResponse response = new ScopesResponse();
    response.setScopes(scopes.toArray(Scope[]::new));
    return response;
  }

  private static Scope scope(DapSession session, String name, Supplier<List<Variable>> variables) {
    Scope scope = new Scope();
    scope.setName(name);
    scope.setVariablesReference(session.references().variables(variables));
    scope.setExpensive(false);
    return scope;
  }
}
