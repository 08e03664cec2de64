package org.heapatlas.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.ProgramEnd;
import org.heapatlas.session.Recorder;
import org.heapatlas.session.Session;
import org.heapatlas.view.Json;

/**
 * A program that runs as it does alone, with its own input, output and exit status, and the summary
 * of its heap at the end. It may be recorded. Main entry: call, for the subcommands run and record.
 */
record ProgramRun(
    List<String> program,
    Mode mode,
    boolean json,
    boolean page,
    Optional<Recorder> recorder,
    FindingKinds failOn) {
  static final int TOP_SITES = 10;
  private static final long PAGE_AFTER_MILLIS = 500;

  /** Answers the program's own exit status. */
  int call() throws InterruptedException {
    try (WatchedRun run =
        WatchedRun.start(
            program,
            mode,
            ProcessBuilder.Redirect.INHERIT,
            session -> recorder.ifPresent(its -> begin(its, session, words())))) {
      Signals.leaveToProgram();
      Signals.passTermination(run.process());
      Thread serving = Thread.ofPlatform().daemon().name("page").start(() -> servePage(run));
      ProgramEnd end;
      try {
        end =
            run.awaitEnd()
                .orElseThrow(
                    () ->
                        Problem.failed("the launcher was killed; nothing is known of the program"));
      } catch (Problem saidByLauncher) {
        recorder.ifPresent(its -> its.end(run.session()));
        return run.process().exitValue();
      }
      // From here on Ctrl-C is ours; one that comes while the summary is made is not lost.
      CountDownLatch over = page ? Signals.end() : new CountDownLatch(0);
      serving.join();
      List<Finding> findings = summarizeOrSay(run, end);
      if (page) {
        stay(run.session(), over);
      }
      return failOn.status(findings, end.status());
    }
  }

  private String words() {
    return String.join(" ", program);
  }

  /** From now on, and cut whenever the user wants it. */
  static void begin(Recorder its, Session session, String words) {
    its.begin(session, words);
    its.follow(session, words);
    if (its.movesOn()) {
      Signals.onCut(() -> its.cut(session, words));
    }
  }

  /** Only for a program that runs for a while: one that ends at once should not pay for a page. */
  private void servePage(WatchedRun run) {
    try {
      if (!run.process().waitFor(PAGE_AFTER_MILLIS, TimeUnit.MILLISECONDS)) {
        Page served = Page.serve(run.session());
        served.announce();
        if (page) {
          served.openBrowser();
        }
      }
    } catch (InterruptedException programHasEnded) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      Say.line("the page cannot be served: " + e.getMessage());
    }
  }

  /** Whatever becomes of the summary, the program's own status is still ours. */
  private List<Finding> summarizeOrSay(WatchedRun run, ProgramEnd end) throws InterruptedException {
    try {
      return summarize(run, end);
    } catch (Problem problem) {
      Say.line(problem.getMessage());
      printUnseen(end);
      return List.of();
    }
  }

  private void printUnseen(ProgramEnd end) {
    if (json) {
      print(unseen(), List.of(), end);
    }
  }

  private void print(Summary summary, List<Finding> findings, ProgramEnd end) {
    String recording = recorder.map(Recorder::folder).map(Path::toString).orElse(null);
    System.out.println(
        Json.write(Summaries.json(summary, findings, end.status(), end.cpuNanos(), recording)));
  }

  private List<Finding> summarize(WatchedRun run, ProgramEnd end) throws InterruptedException {
    Optional<WatchedProcess> watched = run.watched(end);
    if (watched.isEmpty()) {
      recorder.ifPresent(its -> its.end(run.session()));
      Say.line(run.whyUnseen(end));
      printUnseen(end);
      return List.of();
    }
    Summary summary = run.session().source().summarize(watched.get().id(), TOP_SITES, true);
    List<Finding> findings = run.session().source().findings(run.session().id());
    recorder.ifPresent(its -> its.end(run.session()));
    Say.text(Summaries.text(summary, program.getFirst()));
    if (!findings.isEmpty()) {
      Say.text(Summaries.text(findings));
    }
    sayOthers(run.session(), summary);
    if (json) {
      print(summary, findings, end);
    }
    return findings;
  }

  /**
   * A line for each process beside the program. A collector keeps the figures of the latest that
   * ended, and counts the others, which this side need not have heard of.
   */
  private static void sayOthers(Session session, Summary program) {
    long shown = 0;
    for (WatchedProcess other : session.processes()) {
      if (other.id() == program.process().id()) {
        continue;
      }
      try {
        Say.text(Summaries.brief(other, session.source().summarize(other.id(), 0, false)));
        shown++;
      } catch (Problem problem) {
        if (problem.kind() != Problem.Kind.NOT_FOUND) {
          Say.text("── %s: %s".formatted(other.title(), problem.getMessage()));
          shown++;
        }
      }
    }
    long notShown = program.sessionProcesses() - 1 - shown;
    if (notShown > 0) {
      Say.line(
          "the collector keeps the figures of the processes that ended last; %,d others are not shown"
              .formatted(notShown));
    }
  }

  private Summary unseen() {
    WatchedProcess none =
        new WatchedProcess(
            0,
            "",
            0,
            0,
            "",
            program.getFirst(),
            program,
            WatchedProcess.State.ENDED,
            Mode.OFF,
            0,
            "",
            List.of());
    return new Summary(
        none, 0, 0, 0, 0, 0, 0, org.heapatlas.model.Coverage.NONE, List.of(), 0, 0, 0, 0, 0);
  }

  private static void stay(Session session, CountDownLatch over) throws InterruptedException {
    Page served = Page.serve(session);
    served.announce();
    Say.line("the program has ended; the page stays until Ctrl-C");
    over.await();
  }
}
