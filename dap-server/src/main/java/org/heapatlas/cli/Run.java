package org.heapatlas.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** heapatlas run: a live session on a program. */
@Command(
    name = "run",
    description = "Runs a program and watches its heap, live.",
    mixinStandardHelpOptions = true)
final class Run implements Callable<Integer> {
  @Mixin private ProgramOptions options;

  @Option(
      names = "--page",
      description = "Opens the page in a browser, and serves it until Ctrl-C.")
  private boolean page;

  @Override
  public Integer call() throws InterruptedException {
    return options.run(page, Optional.empty()).call();
  }
}
