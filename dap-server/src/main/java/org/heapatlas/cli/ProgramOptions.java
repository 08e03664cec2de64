package org.heapatlas.cli;

import java.util.List;
import java.util.Optional;
import org.heapatlas.model.Mode;
import org.heapatlas.session.Recorder;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What run and record are told of the program alike. */
final class ProgramOptions {
  @Option(names = "--mode", description = "full (default), full-no-stacks, sampled or off.")
  private String mode = Mode.FULL.text();

  @Option(
      names = "--json",
      description = "Prints the summary as one JSON object, the last line of stdout.")
  private boolean json;

  @Option(names = "--fail-on", paramLabel = "KINDS", description = FindingKinds.WHAT)
  private String failOn;

  @Parameters(
      arity = "1..*",
      paramLabel = "PROGRAM",
      description = "The program and its arguments, behind --.")
  private List<String> program;

  /** The program's file, as it was named. */
  String file() {
    return program.getFirst();
  }

  ProgramRun run(boolean page, Optional<Recorder> recorder) {
    return new ProgramRun(
        program, Mode.parse(mode), json, page, recorder, FindingKinds.parse(failOn));
  }
}
