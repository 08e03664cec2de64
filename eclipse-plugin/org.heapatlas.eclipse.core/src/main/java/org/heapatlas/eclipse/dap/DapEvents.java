package org.heapatlas.eclipse.dap;

import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient;
import org.eclipse.lsp4j.jsonrpc.Endpoint;

/** What an adapter sends by itself: the protocol's events and requests, and its own. */
interface DapEvents extends IDebugProtocolClient, Endpoint {
  /** An event that the protocol does not have: what it says is nothing to a debug model. */
  @Override
  default void notify(String event, Object body) {
    // Views hear of theirs over a channel of their own.
  }

  @Override
  default CompletableFuture<?> request(String request, Object arguments) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("There is no request '%s'.".formatted(request)));
  }

  /** No further message comes. */
  void ended();
}
