package org.heapatlas.dap;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.jsonrpc.Endpoint;
import org.eclipse.lsp4j.jsonrpc.messages.Message;
import org.eclipse.lsp4j.jsonrpc.messages.RequestMessage;
import org.heapatlas.model.Problem;

/**
 * Gives each request to its handler. The first and the last one, `initialize` and `disconnect`, are
 * answered on the reading thread, before anything else is read; every other request has a virtual
 * thread, so that none keeps another (or `cancel`) waiting.
 */
final class Dispatcher implements Endpoint {
  private static final Set<String> WITHOUT_INTRODUCTION =
      Set.of("initialize", "disconnect", "cancel");

  private final Work work = new Work();
  private DapSession session;
  private String requestId = "";
  private Thread ready;

  Work work() {
    return work;
  }

  void serve(DapSession served) {
    session = served;
  }

  /** The message whose handling comes next on this thread. */
  void receiving(Message message) {
    requestId = message instanceof RequestMessage request ? request.getId() : "";
  }

  @Override
  public CompletableFuture<?> request(String method, Object arguments) {
    if (method == null) {
      return CompletableFuture.failedFuture(
          Problem.usedWrongly("the request has no command; name one in 'command'"));
    }
    Handler<Object> handler = Requests.handler(method);
    if (handler == null) {
      return CompletableFuture.failedFuture(Requests.unsupported(method));
    }
    if (!session.introduced() && !WITHOUT_INTRODUCTION.contains(method)) {
      return CompletableFuture.failedFuture(
          Problem.usedWrongly(
              "'%s' came before 'initialize'; send 'initialize' first".formatted(method)));
    }
    if (arguments == null && Requests.needsArguments(method)) {
      return CompletableFuture.failedFuture(
          Problem.usedWrongly("the request '%s' has no arguments".formatted(method)));
    }
    if (Requests.isImmediate(method)) {
      return now(handler, arguments);
    }
    if (Requests.startsDebuggee(method)) {
      session.debuggeeIsComing();
    }
    CompletableFuture<Object> answer = new CompletableFuture<>();
    String id = requestId;
    ready =
        Thread.ofVirtual()
            .name(method)
            .unstarted(
                () ->
                    work.run(
                        session,
                        id,
                        Requests.title(method),
                        answer,
                        () -> handled(method, handler, arguments)));
    return answer;
  }

  /**
   * The message has been taken: its handling begins now, when whoever sends the answer waits for
   * it, so that nothing which a handler begins behind its answer can come before that.
   */
  void received() {
    Thread handling = ready;
    ready = null;
    if (handling != null) {
      handling.start();
    }
  }

  private Object handled(String method, Handler<Object> handler, Object arguments) {
    try {
      return handler.handle(session, arguments);
    } catch (RuntimeException e) {
      if (Requests.startsDebuggee(method)) {
        session.debuggeeDoesNotCome(e);
      }
      throw e;
    }
  }

  private CompletableFuture<?> now(Handler<Object> handler, Object arguments) {
    try {
      return CompletableFuture.completedFuture(handler.handle(session, arguments));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public void notify(String method, Object parameter) {
    // The protocol's clients send no events.
  }
}
