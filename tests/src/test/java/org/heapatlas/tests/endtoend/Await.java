package org.heapatlas.tests.endtoend;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Waits for a state by asking for it. The deadline is for what never comes; no test measures time
 * by it.
 */
public final class Await {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long STEP_MILLIS = 10;

  private Await() {}

  public static void until(String state, Callable<Boolean> reached) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try {
      while (!reached.call()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("it never came about that " + state);
        }
        TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting until " + state, e);
    } catch (Exception e) {
      throw new AssertionError("failed while waiting until " + state, e);
    }
  }
}
