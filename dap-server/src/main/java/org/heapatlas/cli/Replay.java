package org.heapatlas.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.heapatlas.collector.CollectorNodes;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Node;
import org.heapatlas.session.Nodes;
import org.heapatlas.session.Session;
import org.heapatlas.view.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** heapatlas replay: a recorded session as it was at its end, or at any instant before. */
@Command(
    name = "replay",
    description =
        "Prints the summary of a recorded session, and serves its page until Ctrl-C; with --json only the summary.",
    mixinStandardHelpOptions = true)
final class Replay implements Callable<Integer> {
  @Option(
      names = "--json",
      description = "Prints the summary as one JSON object, the last line of stdout, and ends.")
  private boolean json;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description =
          "As it was at a time such as 12.5s, or before the event of a number; else the end.")
  private String at = "end";

  @Parameters(paramLabel = "FOLDER", description = "What 'record' made.")
  private Path folder;

  @Override
  public Integer call() throws InterruptedException {
    Moment moment = Moment.parse(at);
    Path recording = folder.toAbsolutePath().normalize();
    Nodes nodes = new CollectorNodes();
    try (Node node = nodes.replay(recording);
        Session session = Session.replayed(node, recording, nodes)) {
      WatchedProcess program = session.awaitRecorded();
      CountDownLatch over = Signals.end();
      if (!moment.equals(Moment.END)) { // where all of them stand once they are opened
        session.seek(program.id(), moment);
      }
      session.processes().stream()
          .flatMap(process -> session.cursor(process.id()).timeline().missing().stream())
          .distinct()
          .forEach(Say::line);
      Summary summary = node.source().summarize(program.id(), ProgramRun.TOP_SITES, false);
      Say.text(Summaries.text(summary, program.name()));
      List<Finding> findings = node.source().findings(session.id());
      if (!findings.isEmpty()) {
        Say.text(Summaries.text(findings));
      }
      sayOthers(session, program);
      if (json) {
        System.out.println(
            Json.write(Summaries.json(summary, findings, null, null, recording.toString())));
      } else {
        serve(session, over);
      }
    }
    return 0;
  }

  private static void sayOthers(Session session, WatchedProcess program) {
    List<WatchedProcess> others =
        session.processes().stream().filter(each -> each.id() != program.id()).toList();
    for (WatchedProcess other : others) {
      Say.text(Summaries.brief(other, session.source().summarize(other.id(), 0, false)));
    }
  }

  private static void serve(Session session, CountDownLatch over) throws InterruptedException {
    try (Page page = Page.serve(session)) {
      page.announce();
      Say.line("the recording is replayed; the page stays until Ctrl-C");
      over.await();
    }
  }
}
