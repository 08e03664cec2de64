package org.heapatlas.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.heapatlas.model.Mode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** heapatlas run: a live session on a program. */
@Command(
    name = "run",
    description = "Runs a program and watches its heap, live.",
    mixinStandardHelpOptions = true)
final class Run implements Callable<Integer> {
  @Option(names = "--mode", description = "full (default), full-no-stacks, sampled or off.")
  private String mode = Mode.FULL.text();

  @Option(
      names = "--json",
      description = "Prints the summary as one JSON object, the last line of stdout.")
  private boolean json;

  @Option(names = "--fail-on", paramLabel = "KINDS", description = FindingKinds.WHAT)
  private String failOn;

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
    return new ProgramRun(
            program, Mode.parse(mode), json, page, Optional.empty(), FindingKinds.parse(failOn))
        .call();
  }
}
