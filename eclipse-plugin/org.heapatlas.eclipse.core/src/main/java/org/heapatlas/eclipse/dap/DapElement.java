package org.heapatlas.eclipse.dap;

import java.util.concurrent.CompletableFuture;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.model.DebugElement;
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer;

/** An element of the model, with its way to the adapter. */
abstract class DapElement extends DebugElement {
  DapElement(DapTarget target) {
    super(target);
  }

  @Override
  public String getModelIdentifier() {
    return Dap.MODEL;
  }

  /** The target that all elements of a session have in common. */
  public DapTarget target() {
    return (DapTarget) getDebugTarget();
  }

  final IDebugProtocolServer server() {
    return target().connection().server();
  }

  /**
   * What is known of an answer: all of it, where this thread may wait; else a change event follows.
   */
  final <T> T known(CompletableFuture<T> answer, T otherwise, String what)
      throws org.eclipse.debug.core.DebugException {
    T known = Waiting.forAnswer(answer, otherwise, what, target()::isTerminated);
    if (known == otherwise && !answer.isDone()) {
      answer.whenComplete((done, failure) -> fireChangeEvent(DebugEvent.CONTENT));
    }
    return known;
  }
}
