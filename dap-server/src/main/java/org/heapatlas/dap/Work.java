package org.heapatlas.dap;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.heapatlas.model.Problem;

/**
 * The requests that are being handled, each on a thread of its own and cancellable by its number or
 * by its progress's. What takes longer than half a second is shown to the user with a button to
 * cancel it. Main entry: run, called by the dispatcher on the request's thread.
 */
public final class Work {
  /** The client wanted the request to end, and so it did. */
  public static final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1;

    Cancelled(Throwable cause) {
      super(cause);
    }
  }

  private static final long UNNOTICED_MILLIS = 500;

  private final Map<Task, Task> running = new ConcurrentHashMap<>();
  private final AtomicLong progressNumbers = new AtomicLong();

  /** On this thread; what it answers or throws goes to {@code answer} alone. */
  public void run(
      DapSession session,
      String request,
      String title,
      CompletableFuture<Object> answer,
      Supplier<Object> handling) {
    Task task = new Task(request, "progress-" + progressNumbers.incrementAndGet());
    running.put(task, task);
    if (session.showsProgress()) {
      CompletableFuture.delayedExecutor(
              UNNOTICED_MILLIS, TimeUnit.MILLISECONDS, Thread::startVirtualThread)
          .execute(() -> task.show(session.client(), title));
    }
    try {
      Object body = handling.get();
      task.end(session.client());
      if (body instanceof Then then) {
        answer.complete(then.body());
        begin(session, then.next());
      } else {
        answer.complete(body);
      }
    } catch (RuntimeException | Error e) {
      task.end(session.client());
      answer.completeExceptionally(task.cancelled ? new Cancelled(e) : e);
    } finally {
      running.remove(task);
    }
  }

  private static void begin(DapSession session, Runnable next) {
    try {
      next.run();
    } catch (Problem problem) {
      session.client().important(problem.getMessage());
    }
  }

  /** Either may be null. A request that has ended already is left alone, as the protocol says. */
  public void cancel(Integer request, String progress) {
    for (Task task : running.keySet()) {
      if (task.request.equals(String.valueOf(request)) || task.progress.equals(progress)) {
        task.interrupt();
      }
    }
  }

  void cancelAll() {
    running.keySet().forEach(Task::interrupt);
  }

  /** One request under way. Its lock orders the start and the end of its progress. */
  private static final class Task {
    private final String request;
    private final String progress;
    private final Thread thread = Thread.currentThread();
    private volatile boolean cancelled;
    private boolean shown;
    private boolean ended;

    Task(String request, String progress) {
      this.request = request;
      this.progress = progress;
    }

    synchronized void show(Client client, String title) {
      if (!ended) {
        shown = true;
        client.progressStart(progress, title, request);
      }
    }

    synchronized void end(Client client) {
      ended = true;
      if (shown) {
        client.progressEnd(progress);
      }
    }

    void interrupt() {
      cancelled = true;
      thread.interrupt();
    }
  }
}
