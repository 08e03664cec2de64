package org.heapatlas.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.heapatlas.collector.CollectorNodes;
import org.heapatlas.collector.LocalNode;
import org.heapatlas.dap.DapServer;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Recorder;
import org.heapatlas.session.Session;
import org.heapatlas.session.SessionId;
import org.heapatlas.view.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** heapatlas attach: a live session on a process that runs already, until it ends or Ctrl-C. */
@Command(
    name = "attach",
    description =
        "Watches the heap of a process that runs already; Ctrl-C leaves it running, untouched.",
    mixinStandardHelpOptions = true)
final class Attach implements Callable<Integer> {
  @Option(names = "--mode", description = "full (default), full-no-stacks, sampled or off.")
  private String mode = Mode.FULL.text();

  @Option(
      names = "--json",
      description = "Prints the summary as one JSON object, the last line of stdout.")
  private boolean json;

  @Option(
      names = "--nodes",
      split = ",",
      paramLabel = "HOST:PORT",
      description = "Shows what the collectors of other nodes watch, instead of a process here.")
  private List<String> nodes = List.of();

  @Option(
      names = "--tls",
      paramLabel = "DIR",
      description = "The folder with ca.crt, client.crt and client.key for --nodes.")
  private Path certificates;

  @Mixin private RecordingOptions recording;

  @Parameters(arity = "0..1", paramLabel = "PID", description = "The process's number.")
  private Integer pid;

  @Override
  public Integer call() throws InterruptedException {
    if (nodes.isEmpty() == (pid == null)) {
      throw Problem.usedWrongly("name either a process by its PID, or collectors by --nodes");
    }
    if (pid == null) {
      return Visit.run(nodes, certificates, recording.recorder());
    }
    if (pid < 1) {
      throw Problem.usedWrongly("a PID is a positive number, not " + pid);
    }
    return watch(Mode.parse(mode), recording.recorder());
  }

  private int watch(Mode chosen, Optional<Recorder> recorder) throws InterruptedException {
    try (LocalNode node = LocalNode.open()) {
      WatchedProcess process = node.source().attach(pid, chosen, SessionId.fresh("attach"));
      try (Session session = new Session(process.session(), node.source());
          Page page = Page.serve(session);
          DapServer dap = DapServer.listen(0, new CollectorNodes(), new Dap.Channels())) {
        CountDownLatch over = Signals.end();
        recorder.ifPresent(its -> record(its, session, process));
        page.announce();
        Dap.serve(dap, process);
        awaitEnd(session, process, over);
        long now = session.current(process).id();
        Summary summary = node.source().summarize(now, ProgramRun.TOP_SITES, false);
        recorder.ifPresent(its -> its.end(session));
        leave(node.source(), now);
        Say.text(Summaries.text(summary, process.name()));
        if (json) {
          System.out.println(
              Json.write(
                  Summaries.json(summary, session.findings(), null, null, folder(recorder))));
        }
      }
    }
    return 0;
  }

  private static void record(Recorder its, Session session, WatchedProcess process) {
    try {
      ProgramRun.begin(its, session, process.title());
    } catch (Problem folderCannotBeUsed) {
      leave(session.source(), process.id());
      throw folderCannotBeUsed;
    }
  }

  private static String folder(Optional<Recorder> recorder) {
    return recorder.map(its -> its.folder().toString()).orElse(null);
  }

  private static void awaitEnd(Session session, WatchedProcess process, CountDownLatch over)
      throws InterruptedException {
    try (HeapSource.Subscription _ = session.listenToNotices(Say::line);
        HeapSource.Subscription _ =
            session.listen(
                changed -> {
                  if (session.current(process).state() == WatchedProcess.State.ENDED) {
                    over.countDown();
                  }
                })) {
      over.await();
    }
  }

  private static void leave(HeapSource source, long process) {
    try {
      source.detach(process);
    } catch (Problem problem) {
      Optional.ofNullable(problem.getMessage())
          .filter(text -> !text.contains("ended"))
          .ifPresent(Say::line);
    }
  }
}
