package org.heapatlas.eclipse.dap;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.eclipse.debug.core.DebugException;

/**
 * Who may wait for an adapter's answer: every thread but those that were named here, the user
 * interface's and the readers of connections.
 */
public final class Waiting {
  private static final long PATIENCE_SECONDS = 30;
  private static final long LOOK_MILLIS = 100;
  private static final long LOOKS = TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS) / LOOK_MILLIS;
  private static final Set<Thread> NEVER =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private Waiting() {}

  public static void forbid(Thread thread) {
    NEVER.add(thread);
  }

  /** The same of an adapter that does not end meanwhile. */
  static <T> T forAnswer(CompletableFuture<T> answer, T otherwise, String what)
      throws DebugException {
    return forAnswer(answer, otherwise, what, () -> false);
  }

  /**
   * The answer; or {@code otherwise}, at once, when it is not there yet and this thread may not
   * wait, or the adapter is gone, which then gives none.
   *
   * @param what the request in words, for the message of a failure
   */
  static <T> T forAnswer(
      CompletableFuture<T> answer, T otherwise, String what, BooleanSupplier gone)
      throws DebugException {
    boolean mayWait = !NEVER.contains(Thread.currentThread());
    try {
      for (int look = 0; look < LOOKS; look++) {
        if (!answer.isDone() && (!mayWait || gone.getAsBoolean())) {
          return otherwise;
        }
        if (comesSoon(answer)) {
          return answer.get();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Dap.exception(what, e);
    } catch (ExecutionException e) {
      throw Dap.exception(what, e);
    }
    throw Dap.exception(
        what, new TimeoutException("no answer after %d s".formatted(PATIENCE_SECONDS)));
  }

  /**
   * Until a change is done, or is refused, which is thrown; a thread that may not wait goes on, and
   * a refusal is shown to the user once it comes.
   */
  static void forChange(CompletableFuture<Void> change, String what) throws DebugException {
    if (NEVER.contains(Thread.currentThread())) {
      change.whenComplete((done, refusal) -> Dap.show(what, refusal));
    } else {
      forAnswer(change, null, what);
    }
  }

  private static boolean comesSoon(CompletableFuture<?> answer) throws InterruptedException {
    try {
      answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException failed) {
      return true;
    }
  }
}
