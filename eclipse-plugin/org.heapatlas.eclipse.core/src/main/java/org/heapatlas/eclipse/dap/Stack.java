package org.heapatlas.eclipse.dap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StackTraceArguments;

/**
 * A thread's frames. What is the same function at the same depth from the outermost frame stays one
 * object from stop to stop, so that views keep what is selected and open.
 */
final class Stack {
  /** More is no help to a reader; a runaway recursion has a million. */
  private static final int MOST_FRAMES = 500;

  private final DapThread thread;
  private List<DapFrame> before = List.of();
  private CompletableFuture<List<DapFrame>> asked;

  Stack(DapThread thread) {
    this.thread = thread;
  }

  synchronized void forget() {
    asked = null;
  }

  synchronized void forgetVariables() {
    before.forEach(DapFrame::forget);
  }

  synchronized Optional<Integer> innermost() {
    return asked != null && asked.isDone() && !asked.isCompletedExceptionally()
        ? asked.join().stream().findFirst().map(DapFrame::id)
        : Optional.empty();
  }

  synchronized CompletableFuture<List<DapFrame>> frames() {
    if (asked == null) {
      StackTraceArguments arguments = new StackTraceArguments();
      arguments.setThreadId(thread.id());
      arguments.setStartFrame(0);
      arguments.setLevels(MOST_FRAMES);
      asked =
          thread.server().stackTrace(arguments).thenApply(answer -> merge(answer.getStackFrames()));
    }
    return asked;
  }

  private synchronized List<DapFrame> merge(StackFrame[] now) {
    List<DapFrame> frames = new ArrayList<>();
    for (int i = 0; i < now.length; i++) {
      int sameDepth = before.size() - now.length + i;
      DapFrame known = sameDepth < 0 ? null : before.get(sameDepth);
      if (known == null || !known.isSameFunction(now[i])) {
        known = new DapFrame(thread);
      }
      known.update(now[i]);
      frames.add(known);
    }
    before = List.copyOf(frames);
    return before;
  }
}
