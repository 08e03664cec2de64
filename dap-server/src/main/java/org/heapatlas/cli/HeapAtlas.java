package org.heapatlas.cli;

import org.heapatlas.model.Problem;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The command line as a whole: parses, runs, and turns every failure into one sentence and an exit
 * status.
 */
@Command(
    name = "heapatlas",
    description = "HeapAtlas, a live debugger for the memory of native programs.",
    mixinStandardHelpOptions = true,
    version = "HeapAtlas 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Run.class,
      RecordRun.class,
      Replay.class,
      Attach.class,
      Demo.class,
      Dap.class,
      Collector.class,
      Views.class,
      Findings.class,
      Query.class,
      Export.class,
      Diff.class,
      Doctor.class
    })
public final class HeapAtlas implements Runnable {
  private static final int USED_WRONGLY = 2;
  private static final int FAILED = 1;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a subcommand is missing; --help lists them");
  }

  /** Answers the exit status. */
  public static int execute(String... arguments) {
    CommandLine line = new CommandLine(new HeapAtlas());
    line.getSubcommands().get("collector").setUnmatchedOptionsArePositionalParams(true);
    return line.setParameterExceptionHandler(HeapAtlas::usedWrongly)
        .setExecutionExceptionHandler((e, command, result) -> failed(e))
        .execute(arguments);
  }

  private static int usedWrongly(ParameterException e, String[] arguments) {
    Say.line(e.getMessage().replaceAll("\\s*\\R\\s*", "; "));
    return USED_WRONGLY;
  }

  private static int failed(Exception e) {
    if (e instanceof Problem problem) {
      Say.line(problem.getMessage());
      return problem.exitStatus();
    }
    System.getLogger("org.heapatlas.cli")
        .log(System.Logger.Level.ERROR, "an unexpected failure", e);
    return FAILED;
  }
}
