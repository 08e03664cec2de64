package org.heapatlas.cli;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Durations;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.session.Recorder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      description = "A folder that is new or empty; default: NAME-YYYYMMDD-HHMMSS.heapatlas, here.")
  private Path output;

  @Option(
      names = "--last",
      paramLabel = "DURATION",
      description = "Keeps the last 30s, 5m, 1h of the run, instead of all.")
  private String last;

  @Option(
      names = "--max",
      paramLabel = "SIZE",
      description =
          "At most 500M, 20G on disk: then recording stops, or with --last the oldest is given up.")
  private String max;

  @Option(
      names = "--on-finding",
      description = "With --last: seals what there is when a finding is raised, as SIGUSR1 does.")
  private boolean onFinding;

  @Mixin private ProgramOptions options;

  @Override
  public Integer call() throws InterruptedException {
    RecordingStatus.Limits limits =
        new RecordingStatus.Limits(
            max == null ? 0 : Bytes.parse(max), last == null ? 0 : Durations.parse(last));
    if (onFinding && last == null) {
      throw Problem.usedWrongly(
          "--on-finding cuts a moving window out; say how long it is with --last");
    }
    Path folder = output == null ? Path.of(defaultName()) : output;
    Recorder recorder = new Recorder(folder, limits, onFinding, Say::line);
    return options.run(false, Optional.of(recorder)).call();
  }

  private String defaultName() {
    Path name = Path.of(options.file()).getFileName();
    return "%s-%s.heapatlas"
        .formatted(name, STAMP.format(LocalDateTime.now(ZoneId.systemDefault())));
  }
}
