package org.heapatlas.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.ProgramEnd;
import org.heapatlas.session.Session;
import org.heapatlas.view.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * heapatlas run: a live session on a program, which keeps its input, its output and its exit
 * status.
 */
@Command(
    name = "run",
    description = "Runs a program and watches its heap, live.",
    mixinStandardHelpOptions = true)
final class Run implements Callable<Integer> {
  static final int TOP_SITES = 10;
  private static final long PAGE_AFTER_MILLIS = 500;

  @Option(names = "--mode", description = "full (default), full-no-stacks, sampled or off.")
  private String mode = Mode.FULL.text();

  @Option(
      names = "--json",
      description = "Prints the summary as one JSON object, the last line of stdout.")
  private boolean json;

  @Option(
      names = "--page",
      description = "Opens the page in a browser, and serves it until Ctrl-C.")
  private boolean page;

  @Parameters(
      arity = "1..*",
      paramLabel = "PROGRAM",
      description = "The program and its arguments, behind --.")
  private List<String> program;

  @Override
  public Integer call() throws InterruptedException {
    try (WatchedRun run =
        WatchedRun.start(program, Mode.parse(mode), java.lang.ProcessBuilder.Redirect.INHERIT)) {
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
        return run.process().exitValue();
      }
      // From here on Ctrl-C is ours; one that comes while the summary is made is not lost.
      CountDownLatch over = page ? Signals.end() : new CountDownLatch(0);
      serving.interrupt();
      summarizeOrSay(run, end);
      if (page) {
        stay(run.session(), over);
      }
      return end.status();
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
  private void summarizeOrSay(WatchedRun run, ProgramEnd end) throws InterruptedException {
    try {
      summarize(run, end);
    } catch (Problem problem) {
      Say.line(problem.getMessage());
      printUnseen(end);
    }
  }

  private void printUnseen(ProgramEnd end) {
    if (json) {
      System.out.println(Json.write(Summaries.json(unseen(), end.status(), end.cpuNanos())));
    }
  }

  private void summarize(WatchedRun run, ProgramEnd end) throws InterruptedException {
    Optional<WatchedProcess> watched = run.watched(end);
    if (watched.isEmpty()) {
      Say.line("the program never appeared at the collector, so nothing is known of its heap");
      printUnseen(end);
      return;
    }
    Summary summary = run.session().source().summarize(watched.get().id(), TOP_SITES, true);
    Say.text(Summaries.text(summary, program.getFirst()));
    sayOthers(run.session(), watched.get());
    if (json) {
      System.out.println(Json.write(Summaries.json(summary, end.status(), end.cpuNanos())));
    }
  }

  /**
   * A line for each process beside the program. A collector keeps the figures of the latest that
   * ended, and one that ended before the program has taken its figures with it.
   */
  private static void sayOthers(Session session, WatchedProcess program) {
    int forgotten = 0;
    for (WatchedProcess other : session.processes()) {
      if (other.id() == program.id()) {
        continue;
      }
      try {
        Say.text(Summaries.brief(other, session.source().summarize(other.id(), 0, false)));
      } catch (Problem problem) {
        if (problem.kind() == Problem.Kind.NOT_FOUND) {
          forgotten++;
        } else {
          Say.text("── %s: %s".formatted(other.title(), problem.getMessage()));
        }
      }
    }
    if (forgotten > 0) {
      Say.line(
          "the collector keeps the figures of the processes that ended last; %,d that ended before them are not shown"
              .formatted(forgotten));
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
        none, 0, 0, 0, 0, 0, 0, org.heapatlas.model.Coverage.NONE, List.of(), 0, 0, 0, 0);
  }

  private static void stay(Session session, CountDownLatch over) throws InterruptedException {
    Page served = Page.serve(session);
    served.announce();
    Say.line("the program has ended; the page stays until Ctrl-C");
    over.await();
  }
}
