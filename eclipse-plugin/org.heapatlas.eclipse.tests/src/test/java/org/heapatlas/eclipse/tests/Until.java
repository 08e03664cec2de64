package org.heapatlas.eclipse.tests;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.swt.widgets.Display;

/** Waits by condition. On the user interface's thread its events go on meanwhile. */
public final class Until {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_AGAIN_NANOS = 5_000_000;

  private Until() {}

  /** Waits for a condition; fails, naming it, when it does not come. */
  public static void holds(String what, Callable<Boolean> condition) throws Exception {
    Instant late = Instant.now().plus(PATIENCE);
    Display display = Display.getCurrent();
    while (!condition.call()) {
      if (Instant.now().isAfter(late)) {
        Pictures.take("late " + what);
        throw new AssertionError("Not within %s: %s".formatted(PATIENCE, what));
      }
      if (display == null || !display.readAndDispatch()) {
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      }
    }
  }

  /** Calls on a thread that may wait, which this one does not block. */
  public static <T> T called(String what, Callable<T> call) throws Exception {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                answer.complete(call.call());
              } catch (Exception e) {
                // Told by the thread that waits.
                answer.completeExceptionally(e);
              }
            });
    return done(what, answer);
  }

  /** Waits for an answer. */
  public static <T> T done(String what, CompletableFuture<T> answer) throws Exception {
    holds(what, answer::isDone);
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new AssertionError(what + ": " + e.getCause(), e);
    }
  }
}
