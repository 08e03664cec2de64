package org.heapatlas.recording.export;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.heapatlas.model.Choice;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.recording.Answer;
import org.heapatlas.recording.HeapDatabase;
import org.heapatlas.recording.ParquetFile;
import org.heapatlas.recording.Profile;
import org.heapatlas.recording.Results;
import org.heapatlas.session.HeapSource;

/** A recording in another tool's format. Main entry: write. */
public final class Exports {
  /** The formats by their names on the command line. */
  public enum Format {
    COLLAPSED,
    SPEEDSCOPE,
    PPROF,
    PERFETTO,
    HEAPTRACK,
    CSV,
    PARQUET;

    /** The others tell the processes of a session apart. */
    public boolean holdsOneProcess() {
      return this == HEAPTRACK;
    }

    public static Format parse(String text) {
      return Choice.of(values(), format -> format.name().toLowerCase(Locale.ROOT), "format", text);
    }
  }

  private final HeapSource source;
  private final List<WatchedProcess> processes;
  private final HeapDatabase database;

  /** {@code processes}: those of the database, one or more. */
  public Exports(HeapSource source, List<WatchedProcess> processes, HeapDatabase database) {
    this.source = source;
    this.processes = processes;
    this.database = database;
  }

  /** {@code profile} is asked for by the formats that are made of one. */
  public void write(Format format, Supplier<Profile> profile, OutputStream out) throws IOException {
    Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    Paths paths = Paths.of(processes);
    switch (format) {
      case COLLAPSED -> Collapsed.write(profile.get(), paths, text);
      case SPEEDSCOPE -> Speedscope.write(profile.get(), paths, text);
      case PPROF -> Pprof.write(profile.get(), paths, out);
      case PERFETTO -> Perfetto.write(database, processes, text);
      case HEAPTRACK -> Heaptrack.write(database, source, onlyProcess(), text);
      case CSV -> csv(text);
      case PARQUET -> throw new IllegalStateException("a Parquet file is written by its path");
    }
    text.flush();
  }

  public void writeParquet(Path file) {
    try (Answer events = database.query("FROM events")) {
      ParquetFile.write(events, file);
    }
  }

  private void csv(Writer text) {
    try (Answer events = database.query("FROM events")) {
      Results.csv(events, text);
    }
  }

  private WatchedProcess onlyProcess() {
    if (processes.size() != 1) {
      throw new IllegalStateException("one process is written, of %d".formatted(processes.size()));
    }
    return processes.getFirst();
  }
}
