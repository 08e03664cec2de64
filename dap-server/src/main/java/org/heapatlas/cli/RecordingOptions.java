package org.heapatlas.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Durations;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.session.Recorder;
import picocli.CommandLine.Option;

/** What record and attach are told of a recording alike. */
final class RecordingOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      description =
          "A folder that is new or empty; default of record: NAME-YYYYMMDD-HHMMSS.heapatlas, here.")
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

  Optional<Path> output() {
    return Optional.ofNullable(output);
  }

  /** Into the folder that was named, if one was. */
  Optional<Recorder> recorder() {
    if (output == null && (last != null || max != null || onFinding)) {
      throw Problem.usedWrongly(
          "--last, --max and --on-finding are of a recording; name it with -o");
    }
    return output().map(this::recorder);
  }

  Recorder recorder(Path folder) {
    RecordingStatus.Limits limits =
        new RecordingStatus.Limits(
            max == null ? 0 : Bytes.parse(max), last == null ? 0 : Durations.parse(last));
    if (onFinding && last == null) {
      throw Problem.usedWrongly(
          "--on-finding cuts a moving window out; say how long it is with --last");
    }
    return new Recorder(folder, limits, onFinding, Say::line);
  }
}
