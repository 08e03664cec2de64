package org.heapatlas.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.heapatlas.collector.CollectorNodes;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;
import org.heapatlas.session.Recorder;
import org.heapatlas.session.Session;

/**
 * heapatlas attach --nodes: a live page on all that the collectors of other nodes watch, until
 * Ctrl-C, which leaves everything as it is.
 */
final class Visit {
  private Visit() {}

  /** {@code certificates} may be null, which is refused. */
  static int run(List<String> nodes, Path certificates, Optional<Recorder> recorder)
      throws InterruptedException {
    if (certificates == null) {
      throw Problem.usedWrongly(
          "--nodes wants --tls DIR, the folder with ca.crt, client.crt and client.key");
    }
    try (Node there = new CollectorNodes().remote(nodes, certificates);
        Session session = new Session("", there.source());
        Page page = Page.serve(session)) {
      CountDownLatch over = Signals.end();
      recorder.ifPresent(
          its -> ProgramRun.begin(its, session, "all on " + String.join(", ", nodes)));
      page.announce();
      try (HeapSource.Subscription _ = session.listenToNotices(Say::line);
          HeapSource.Subscription _ = session.listen(Visit::announce)) {
        over.await();
      }
      recorder.ifPresent(its -> its.end(session));
      for (WatchedProcess process : session.processes()) {
        if (process.state() != WatchedProcess.State.ENDED) {
          Say.text(Summaries.brief(process, there.source().summarize(process.id(), 0, false)));
        }
      }
    }
    return 0;
  }

  private static void announce(WatchedProcess process) {
    if (process.state() != WatchedProcess.State.ENDED) {
      Say.line("sees " + process.title());
    }
  }
}
