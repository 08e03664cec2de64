package org.heapatlas.view;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * One thread that looks again and again whether something changed: ten times a second while it
 * does, ever more seldom (at least once a second) while it does not, at once when woken, and never
 * for more than half of its time.
 */
final class Refresher implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.view");
  private static final long FASTEST_MILLIS = 100;
  private static final long SLOWEST_MILLIS = 1000;

  private final BooleanSupplier refresh;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private boolean wake;
  private boolean closed;
  private Thread thread;

  Refresher(BooleanSupplier refresh) {
    this.refresh = refresh;
  }

  /** From now on; the first look comes after a pause, behind the answer that opened the view. */
  void start() {
    lock.lock();
    try {
      if (thread == null && !closed) {
        thread = Thread.ofVirtual().name("views").start(this::run);
      }
    } finally {
      lock.unlock();
    }
  }

  void wake() {
    lock.lock();
    try {
      wake = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    long pause = FASTEST_MILLIS;
    while (await(pause)) {
      long start = System.nanoTime();
      boolean changed = refreshed();
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      pause = Math.max(took, changed ? FASTEST_MILLIS - took : Math.min(SLOWEST_MILLIS, pause * 2));
    }
  }

  private boolean refreshed() {
    try {
      return refresh.getAsBoolean();
    } catch (Exception e) { // also what a sender throws without declaring it
      LOG.log(System.Logger.Level.WARNING, "a view could not be refreshed", e);
      return false;
    }
  }

  /** Waits for the time or a wake; answers false once closed. */
  private boolean await(long millis) {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis));
      while (!wake && !closed && left > 0) {
        left = woken.awaitNanos(left);
      }
      wake = false;
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }
}
