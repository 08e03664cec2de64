package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.lsp4j.debug.Scope;
import org.eclipse.lsp4j.debug.ScopesArguments;
import org.eclipse.lsp4j.debug.ScopesResponse;
import org.eclipse.lsp4j.debug.Variable;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.References;
import org.heapatlas.dap.ThreadIds;
import org.heapatlas.dap.replay.Replay;
import org.heapatlas.model.Problem;

/**
 * Of a frame: the newest allocation of its thread, the one that was found last, and the process's
 * key figures.
 */
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
    session.replay().flatMap(replay -> event(session, replay, frame)).ifPresent(scopes::add);
    scopes.add(scope(session, frame, "Allocation", () -> HeapVariables.newest(session, frame)));
    session
        .references()
        .lastFound()
        .filter(found -> found.process() == frame.process())
        .ifPresent(
            found ->
                scopes.add(
                    scope(
                        session,
                        frame,
                        "Found allocation",
                        () -> HeapVariables.allocation(session, found))));
    scopes.add(
        scope(session, frame, "Process", () -> HeapVariables.process(session, frame.process())));
    ScopesResponse response = new ScopesResponse();
    response.setScopes(scopes.toArray(Scope[]::new));
    return response;
  }

  /** Of a recording: the event at which the thread stands, or its last one. */
  private static Optional<Scope> event(
      DapSession session, Replay replay, References.FrameKey frame) {
    return replay
        .eventOf(new ThreadIds.Key(frame.process(), frame.tid()))
        .map(
            event ->
                scope(
                    session,
                    frame,
                    replay.standsAt(frame.process(), event) ? "Event" : "Last event",
                    () -> EventVariables.event(session, replay, frame.process(), event)));
  }

  private static Scope scope(
      DapSession session,
      References.FrameKey frame,
      String name,
      Supplier<List<Variable>> variables) {
    Scope scope = new Scope();
    scope.setName(name);
    scope.setVariablesReference(session.references().variables(frame.process(), variables));
    scope.setExpensive(false);
    return scope;
  }
}
