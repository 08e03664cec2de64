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
import org.heapatlas.model.Problem;
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

    public static Format parse(String text) {
      return Choice.of(values(), format -> format.name().toLowerCase(Locale.ROOT), "format", text);
    }
  }

  private final HeapSource source;
  private final String session;
  private final HeapDatabase database;

  public Exports(HeapSource source, String session, HeapDatabase database) {
    this.source = source;
    this.session = session;
    this.database = database;
  }

  /** {@code profile} is asked for by the formats that are made of one. */
  public void write(Format format, Supplier<Profile> profile, OutputStream out) throws IOException {
    Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    switch (format) {
      case COLLAPSED -> Collapsed.write(profile.get(), text);
      case SPEEDSCOPE -> Speedscope.write(profile.get(), text);
      case PPROF -> Pprof.write(profile.get(), out);
      case PERFETTO -> Perfetto.write(database, source, session, text);
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

  /** The first, for a file of this format knows one. */
  private WatchedProcess onlyProcess() {
    List<WatchedProcess> all = source.processes(session);
    if (all.isEmpty()) {
      throw Problem.notFound("the recording has no process");
    }
    return all.getFirst();
  }
}
