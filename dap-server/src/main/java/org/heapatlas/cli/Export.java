package org.heapatlas.cli;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.heapatlas.model.Instant;
import org.heapatlas.model.Problem;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.recording.HeapDatabase;
import org.heapatlas.recording.Profile;
import org.heapatlas.recording.export.Exports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** heapatlas export: a recording in a format that other tools open. */
@Command(
    name = "export",
    description =
        "Writes a recording in another tool's format: collapsed, speedscope and pprof have the call stacks of what was live at an instant, or allocated in a span; perfetto the figures over time; heaptrack, csv and parquet all events. Formats that hold several processes have all of them.",
    mixinStandardHelpOptions = true)
final class Export implements Callable<Integer> {
  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = "collapsed, speedscope, pprof, perfetto, heaptrack, csv or parquet.")
  private String format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Writes there instead of on stdout.")
  private Path output;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "What was live at this time, such as 12.5s; the end by default.")
  private String at;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "What was allocated from this time on, instead of what was live.")
  private String from;

  @Option(names = "--until", paramLabel = "TIME", description = "… until this time.")
  private String until;

  @Option(names = "--process", paramLabel = "PID", description = ChosenProcess.WHAT)
  private String process;

  @Parameters(paramLabel = "FOLDER|PID", description = Asked.WHAT)
  private String source;

  @Override
  public Integer call() {
    Exports.Format chosen = Exports.Format.parse(format);
    if (chosen == Exports.Format.PARQUET && output == null) {
      throw Problem.usedWrongly("name the file to write with -o");
    }
    Signals.interrupt(Thread.currentThread());
    try (Asked about = Asked.open(source)) {
      List<WatchedProcess> processes = processes(about, chosen);
      try (HeapDatabase database =
          HeapDatabase.openStreaming(about.source(), processes, HeapDatabase.Limits.PATIENT)) {
        Exports exports = new Exports(about.source(), processes, database);
        if (chosen == Exports.Format.PARQUET) {
          exports.writeParquet(output);
        } else {
          write(exports, chosen, () -> profile(about, database));
        }
      }
    }
    return 0;
  }

  private List<WatchedProcess> processes(Asked about, Exports.Format chosen) {
    List<WatchedProcess> all = about.source().processes(about.session());
    if (all.isEmpty()) {
      throw Problem.notFound("the recording has no process");
    }
    if (process != null) {
      return List.of(ChosenProcess.named(all, process));
    }
    if (all.size() == 1 || !chosen.holdsOneProcess()) {
      return all;
    }
    WatchedProcess taken = ChosenProcess.main(all);
    Say.line(ChosenProcess.sentence(all, taken));
    return List.of(taken);
  }

  private void write(Exports exports, Exports.Format chosen, Supplier<Profile> profile) {
    try {
      if (output == null) {
        exports.write(chosen, profile, System.out);
      } else {
        try (OutputStream out = new FileOutputStream(output.toFile())) {
          exports.write(chosen, profile, out);
        }
      }
    } catch (IOException e) {
      throw new Problem(Problem.Kind.FAILED, "the export cannot be written: " + e.getMessage(), e);
    }
  }

  private Profile profile(Asked about, HeapDatabase database) {
    if (from == null && until == null) {
      return Profile.liveAt(database, about.source(), Instant.nanos(at == null ? "end" : at));
    }
    if (at != null) {
      throw Problem.usedWrongly("either an instant with --at, or a span with --from and --until");
    }
    return Profile.allocated(
        database,
        about.source(),
        new TimeSpan(
            Instant.nanos(from == null ? "begin" : from),
            Instant.nanos(until == null ? "end" : until)));
  }
}
