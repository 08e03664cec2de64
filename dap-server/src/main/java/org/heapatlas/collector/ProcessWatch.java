package org.heapatlas.collector;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;

/**
 * A session's processes, followed while collectors come and go. When the collector is lost, that is
 * said once and it is called again, ever more seldom; what the next one does not know has ended.
 * Main entry: start, called by the client. One thread of its own calls the listeners, so they hear
 * everything in order.
 */
final class ProcessWatch implements HeapSource.Subscription {
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  /** Whoever runs the collector, with options of their own, may have started it again by then. */
  private static final long PAUSE_BEFORE_REVIVAL_MILLIS = 800;

  private final CollectorClient client;
  private final String session;
  private final Consumer<WatchedProcess> onProcess;
  private final Consumer<String> onNotice;
  private final Context.CancellableContext context = Context.current().withCancellation();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<Long, WatchedProcess> heard = new ConcurrentSkipListMap<>();
  private long pause = FIRST_PAUSE_MILLIS;
  private String refusal = "";

  private ProcessWatch(
      CollectorClient client,
      String session,
      Consumer<WatchedProcess> onProcess,
      Consumer<String> onNotice) {
    this.client = client;
    this.session = session;
    this.onProcess = onProcess;
    this.onNotice = onNotice;
  }

  static ProcessWatch start(
      CollectorClient client,
      String session,
      Consumer<WatchedProcess> onProcess,
      Consumer<String> onNotice) {
    ProcessWatch watch = new ProcessWatch(client, session, onProcess, onNotice);
    Thread.ofVirtual().name("processes").start(watch.context.wrap(watch::run));
    return watch;
  }

  private void run() {
    try {
      follow();
      while (!isClosed()) {
        onNotice.accept(client.peer().whenLost());
        while (!closed.await(pause, TimeUnit.MILLISECONDS) && !reached()) {
          pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        follow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until the collector ends the list, or is gone. One that lasted is called again at once. */
  private void follow() {
    long start = System.nanoTime();
    try {
      client.followProcesses(session, this::hear);
    } catch (StatusRuntimeException e) {
      CollectorProblem.LOG.log(System.Logger.Level.DEBUG, "the list of processes ended", e);
    }
    if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(LONGEST_PAUSE_MILLIS)) {
      pause = FIRST_PAUSE_MILLIS;
    }
  }

  /**
   * The new processes are heard of before the old ones end, so a session is never empty between.
   */
  private boolean reached() {
    try {
      client.reconnect(pause >= PAUSE_BEFORE_REVIVAL_MILLIS);
      List<WatchedProcess> known = client.processes(session);
      known.forEach(this::hear);
      Set<Long> ids = known.stream().map(WatchedProcess::id).collect(Collectors.toSet());
      heard.values().stream()
          .filter(old -> old.state() != WatchedProcess.State.ENDED && !ids.contains(old.id()))
          .forEach(old -> hear(old.ended()));
      return true;
    } catch (Problem problem) {
      if (!CollectorProblem.isSilence(problem) && !problem.getMessage().equals(refusal)) {
        refusal = problem.getMessage();
        onNotice.accept(refusal);
      }
      return false;
    }
  }

  private void hear(WatchedProcess process) {
    heard.put(process.id(), process);
    if (!isClosed()) {
      onProcess.accept(process);
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
    context.cancel(null);
  }
}
