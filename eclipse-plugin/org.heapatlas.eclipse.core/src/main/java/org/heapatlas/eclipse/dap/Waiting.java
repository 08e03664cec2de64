package org.heapatlas.eclipse.dap;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.debug.core.DebugException;

/**
 * Who may wait for an adapter's answer: every thread but those that were named here, the user
 * interface's and the readers of connections.
 */
public final class Waiting {
  private static final long PATIENCE_SECONDS = 30;
  private static final Set<Thread> NEVER =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private Waiting() {}

  public static void forbid(Thread thread) {
    NEVER.add(thread);
  }

  /**
   * The answer; or {@code otherwise}, at once, when it is not there yet and this thread may not
   * wait.
   *
   * @param what the request in words, for the message of a failure
   */
  static <T> T forAnswer(CompletableFuture<T> answer, T otherwise, String what)
      throws DebugException {
    if (!answer.isDone() && NEVER.contains(Thread.currentThread())) {
      return otherwise;
    }
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Dap.exception(what, e);
    } catch (ExecutionException e) {
      throw Dap.exception(what, e);
    } catch (TimeoutException e) {
      throw Dap.exception(
          what, new TimeoutException("no answer after %d s".formatted(PATIENCE_SECONDS)));
    }
  }
}
