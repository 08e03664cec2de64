package org.heapatlas.collector;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.heapatlas.model.Finding;
import org.heapatlas.session.HeapSource;

/**
 * A session's findings, followed while collectors come and go; that one is lost, {@link
 * ProcessWatch} says. Main entry: start, called by the client. Each finding is heard once, on a
 * thread of its own.
 */
final class FindingWatch implements HeapSource.Subscription {
  private static final long PAUSE_MILLIS = 500;

  private final CollectorClient client;
  private final String session;
  private final Consumer<Finding> onFinding;
  private final Context.CancellableContext context = Context.current().withCancellation();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Set<Key> heard = new HashSet<>();

  /** Processes are numbered on from one collector to the next. */
  private record Key(long process, long id) {}

  private FindingWatch(CollectorClient client, String session, Consumer<Finding> onFinding) {
    this.client = client;
    this.session = session;
    this.onFinding = onFinding;
  }

  static FindingWatch start(CollectorClient client, String session, Consumer<Finding> onFinding) {
    FindingWatch watch = new FindingWatch(client, session, onFinding);
    Thread.ofVirtual().name("findings").start(watch.context.wrap(watch::run));
    return watch;
  }

  private void run() {
    try {
      do {
        follow();
      } while (!closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    try {
      client.followFindings(session, this::hear);
    } catch (StatusRuntimeException e) {
      CollectorProblem.LOG.log(System.Logger.Level.DEBUG, "the list of findings ended", e);
    }
  }

  private void hear(Finding finding) {
    if (heard.add(new Key(finding.process(), finding.id())) && closed.getCount() > 0) {
      onFinding.accept(finding);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    context.cancel(null);
  }
}
