package org.heapatlas.dap;

import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.eclipse.lsp4j.debug.Message;
import org.eclipse.lsp4j.jsonrpc.JsonRpcException;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.heapatlas.model.Problem;

/** What went wrong as an ErrorResponse: one sentence, which the client shows to the user. */
final class Errors {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.dap");
  private static final int CODE = 1;

  private Errors() {}

  static ResponseError of(String sentence) {
    Message message = new Message();
    message.setId(CODE);
    // Braces would be taken for variables of the format.
    message.setFormat(sentence.replace('{', '(').replace('}', ')'));
    message.setShowUser(true);
    return new ResponseError(CODE, sentence, Map.of("error", message));
  }

  static ResponseError response(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Problem problem) {
      return of(problem.getMessage());
    }
    if (cause instanceof Work.Cancelled) {
      // The word that the protocol asks for; nothing that the user would have to be told.
      return new ResponseError(CODE, "cancelled", null);
    }
    if (cause instanceof JsonRpcException) {
      LOG.log(System.Logger.Level.DEBUG, "the client is gone", cause);
      return of("the client is gone");
    }
    LOG.log(System.Logger.Level.ERROR, "a request failed", cause);
    return of(
        "the server failed at this request (%s); its log says how"
            .formatted(cause.getClass().getSimpleName()));
  }
}
