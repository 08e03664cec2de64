package org.heapatlas.cli;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** heapatlas record: what run does, and every event kept in a folder. */
@Command(
    name = "record",
    description = "Runs a program, watches its heap, and records every event into a folder.",
    footer = {
      "",
      "With --last the folder holds the end of the run, also after a crash. SIGUSR1 to this command",
      "seals what there is so far, and goes on in FOLDER-2, FOLDER-3 and so on."
    },
    mixinStandardHelpOptions = true)
final class RecordRun implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  @Mixin private RecordingOptions recording;
  @Mixin private ProgramOptions options;

  @Override
  public Integer call() throws InterruptedException {
    Path folder = recording.output().orElse(Path.of(defaultName()));
    return options.run(false, Optional.of(recording.recorder(folder))).call();
  }

  private String defaultName() {
    Path name = Path.of(options.file()).getFileName();
    return "%s-%s.heapatlas"
        .formatted(name, STAMP.format(LocalDateTime.now(ZoneId.systemDefault())));
  }
}
