package org.heapatlas.dap;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The requests that are being handled, each cancellable by its own number or by its progress's. */
public final class Work {
  private final Map<String, Thread> byRequest = new ConcurrentHashMap<>();
  private final Map<String, Thread> byProgress = new ConcurrentHashMap<>();
  private final AtomicLong progressNumbers = new AtomicLong();

  void run(String request, CompletableFuture<Object> answer, Supplier<Object> handling) {
    byRequest.put(request, Thread.currentThread());
    try {
      answer.complete(handling.get());
    } catch (RuntimeException | Error e) {
      answer.completeExceptionally(e);
    } finally {
      byRequest.remove(request);
    }
  }

  /**
   * Says to the user what takes its time, with a button to cancel it, where the client can show
   * that.
   */
  public <T> T withProgress(Client client, boolean shown, String title, Supplier<T> step) {
    if (!shown) {
      return step.get();
    }
    String id = "progress-" + progressNumbers.incrementAndGet();
    byProgress.put(id, Thread.currentThread());
    client.progressStart(id, title);
    try {
      return step.get();
    } finally {
      byProgress.remove(id);
      client.progressEnd(id);
    }
  }

  /** Either may be null. A request that has ended already is left alone, as the protocol says. */
  public void cancel(Integer request, String progress) {
    interrupt(request == null ? null : byRequest.get(request.toString()));
    interrupt(progress == null ? null : byProgress.get(progress));
  }

  private static void interrupt(Thread thread) {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
