package org.heapatlas.dap;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The end of a session, said to its client once, and not before the least time that it asked for:
 * its views open only after the program has begun, when a short one has ended already. Any thread
 * may call.
 */
final class SessionEnd {
  private static final long MOST_MILLIS = 60_000;

  private final Client client;
  private final AtomicBoolean said = new AtomicBoolean();
  private volatile long earliest = System.nanoTime();

  SessionEnd(Client client) {
    this.client = client;
  }

  void notBefore(long millis) {
    earliest =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.clamp(millis, 0, MOST_MILLIS));
  }

  /** As soon as it is time. */
  void say() {
    long early = earliest - System.nanoTime();
    if (early <= 0) {
      sayNow();
      return;
    }
    Thread.ofVirtual()
        .name("end of session")
        .start(
            () -> {
              LockSupport.parkNanos(early);
              sayNow();
            });
  }

  /** The user has ended it. */
  void sayNow() {
    if (said.compareAndSet(false, true)) {
      client.terminated();
    }
  }
}
