package org.heapatlas.eclipse.dap;

import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.debug.ConfigurationDoneArguments;
import org.eclipse.lsp4j.debug.InitializeRequestArguments;
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer;

/**
 * The protocol's opening: initialize; then launch or attach, whose answer some adapters hold back
 * until all is configured; breakpoints once the adapter says that it takes them; configurationDone.
 */
final class Beginning {
  private final DapTarget target;
  private final CompletableFuture<Void> initialized = new CompletableFuture<>();

  Beginning(DapTarget target) {
    this.target = target;
  }

  /** The adapter's event of that name has come. */
  void initialized() {
    initialized.complete(null);
  }

  void ended() {
    initialized.completeExceptionally(
        new IllegalStateException("The debug adapter ended before the session began."));
  }

  /** Done when the program runs or stands. */
  CompletableFuture<Void> run() {
    return server()
        .initialize(aboutUs())
        .thenCompose(
            offered -> {
              target.changeCapabilities(offered);
              CompletableFuture<Void> begun = begin(target.startRequest());
              begun.whenComplete((done, refused) -> stopWaiting(refused));
              return initialized
                  .thenCompose(now -> target.breakpoints().begin())
                  .thenCompose(sent -> configurationDone())
                  .thenCompose(done -> begun);
            })
        .thenCompose(begun -> target.threads().refresh());
  }

  private void stopWaiting(Throwable refused) {
    if (refused != null) {
      initialized.completeExceptionally(refused);
    }
  }

  private CompletableFuture<Void> begin(StartRequest start) {
    return switch (start.kind()) {
      case LAUNCH -> server().launch(start.arguments());
      case ATTACH -> server().attach(start.arguments());
    };
  }

  private CompletableFuture<Void> configurationDone() {
    return DapTarget.offers(target.capabilities().getSupportsConfigurationDoneRequest())
        ? server().configurationDone(new ConfigurationDoneArguments())
        : CompletableFuture.completedFuture(null);
  }

  private InitializeRequestArguments aboutUs() {
    InitializeRequestArguments us = new InitializeRequestArguments();
    us.setClientID("eclipse");
    us.setClientName("Eclipse");
    us.setAdapterID(target.startRequest().adapter());
    us.setPathFormat("path");
    us.setLinesStartAt1(true);
    us.setColumnsStartAt1(true);
    us.setSupportsVariableType(true);
    us.setSupportsVariablePaging(true);
    us.setSupportsRunInTerminalRequest(true);
    us.setSupportsMemoryReferences(true);
    us.setSupportsProgressReporting(true);
    us.setSupportsInvalidatedEvent(true);
    us.setSupportsMemoryEvent(true);
    return us;
  }

  private IDebugProtocolServer server() {
    return target.server();
  }
}
