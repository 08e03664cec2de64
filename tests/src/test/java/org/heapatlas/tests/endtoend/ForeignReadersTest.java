package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every format that a recording is exported to is opened by a tool that people have, and its sums
 * are those of SQL over the recording.
 */
class ForeignReadersTest {
  private static final Pattern SAMPLE = Pattern.compile("(?m)^sample \\{\\n(?s:.*?)^\\}");
  private static final Pattern VALUE = Pattern.compile("(?m)^  value: (\\d+)$");
  private static final Pattern TEXT = Pattern.compile("(?m)^string_table: \"(.*)\"$");

  @TempDir static Path folder;
  private static RecordedPython python;
  private static JsonNode figures;

  @BeforeAll
  static void record() throws Exception {
    python = RecordedPython.into(folder.resolve("recording"));
    figures =
        python
            .rows(
                "SELECT (SELECT sum(size) FROM allocations WHERE end_time IS NULL)::BIGINT AS live_bytes,"
                    + " (SELECT count(*) FROM allocations WHERE end_time IS NULL) AS live_allocations,"
                    + " (SELECT count(*) FROM allocations) AS allocations,"
                    + " (SELECT sum(size) FROM allocations)::BIGINT AS allocated_bytes,"
                    + " (SELECT count(end_time) FROM allocations) AS releases,"
                    + " (SELECT pid FROM processes) AS pid")
            .get(0);
    assertThat(figures).allSatisfy(figure -> assertThat(figure.asLong()).isPositive());
  }

  private static long figure(String name) {
    return figures.path(name).asLong();
  }

  /** Once for all readers of the format. */
  private static Path export(String format) throws Exception {
    Path file = folder.resolve("export." + format);
    if (!Files.exists(file)) {
      Product.Result exported =
          Product.heapatlas(
              "export", python.folder().toString(), "--to", format, "-o", file.toString());
      assertThat(exported.status()).as(exported.err()).isZero();
    }
    return file;
  }

  @Test
  void heaptrackPrintCountsWhatLeakedAndWhatWasCalled() throws Exception {
    Path file = export("heaptrack");
    List<ForeignReaders.Line> leaked = ForeignReaders.heaptrackPrint(file, "leaked");
    assertThat(leaked).anyMatch(line -> line.stack().contains("PyByteArray_Resize"));
    assertThat(leaked.stream().mapToLong(ForeignReaders.Line::cost).sum())
        .isEqualTo(figure("live_bytes"));
    assertThat(
            ForeignReaders.heaptrackPrint(file, "allocations").stream()
                .mapToLong(ForeignReaders.Line::cost)
                .sum())
        .isEqualTo(figure("allocations"));
  }

  @Test
  void speedscopeOpensItsOwnFormatCollapsedStacksAndPprof() throws Exception {
    JsonNode files =
        ForeignReaders.speedscope(export("speedscope"), export("collapsed"), export("pprof"));
    assertThat(files.path(0))
        .extracting(
            profile -> profile.path("name").asText(),
            profile -> profile.path("unit").asText(),
            profile -> profile.path("weight").asLong())
        .containsExactly(
            tuple("live bytes", "bytes", figure("live_bytes")),
            tuple("live allocations", "none", figure("live_allocations")));
    assertThat(files.path(1).findValues("weight"))
        .extracting(JsonNode::asLong)
        .containsExactly(figure("live_bytes"));
    assertThat(files.path(2).findValues("weight"))
        .extracting(JsonNode::asLong)
        .containsExactly(figure("live_bytes"));
  }

  @Test
  void protocDecodesPprofAndTheSamplesAddUp() throws Exception {
    String profile = ForeignReaders.protoc(export("pprof"));
    long allocations = 0;
    long bytes = 0;
    for (Matcher sample = SAMPLE.matcher(profile); sample.find(); ) {
      List<Long> values =
          VALUE.matcher(sample.group()).results().map(of -> Long.valueOf(of.group(1))).toList();
      assertThat(values).as(sample.group()).hasSize(2);
      allocations += values.get(0);
      bytes += values.get(1);
    }
    assertThat(bytes).isEqualTo(figure("live_bytes"));
    assertThat(allocations).isEqualTo(figure("live_allocations"));
    assertThat(TEXT.matcher(profile).results().map(text -> text.group(1)))
        .startsWith("", "live_objects", "count", "live_space", "bytes")
        .contains("PyByteArray_Resize");
  }

  @Test
  void perfettosCountersAreAsTheTraceEventFormatSays() throws Exception {
    JsonNode processes = ForeignReaders.traceEvents(export("perfetto"));
    assertThat(processes).hasSize(1);
    JsonNode process = processes.get(0);
    assertThat(process.path("pid").asLong()).isEqualTo(figure("pid"));
    assertThat(process.path("name").asText()).isEqualTo("python3");
    assertThat(process.path("last").path("live_bytes").asLong()).isEqualTo(figure("live_bytes"));
    assertThat(process.path("last").path("live_allocations").asLong())
        .isEqualTo(figure("live_allocations"));
  }

  @Test
  void pythonsCsvModuleReadsEveryEvent() throws Exception {
    expectAllEvents(ForeignReaders.csvModule(export("csv")));
  }

  @Test
  void aParquetReaderThatIsNotDuckDbReadsEveryEvent() throws Exception {
    expectAllEvents(ForeignReaders.hyparquet(export("parquet")));
  }

  private static void expectAllEvents(JsonNode kinds) {
    assertThat(sum(kinds, "events", false)).isEqualTo(figure("allocations"));
    assertThat(sum(kinds, "bytes", false)).isEqualTo(figure("allocated_bytes"));
    assertThat(sum(kinds, "events", true)).isEqualTo(figure("releases"));
    assertThat(sum(kinds, "bytes", false) - sum(kinds, "bytes", true))
        .isEqualTo(figure("live_bytes"));
  }

  private static long sum(JsonNode kinds, String column, boolean ofReleases) {
    return StreamSupport.stream(kinds.spliterator(), false)
        .filter(kind -> kind.path("kind").asText().startsWith("release") == ofReleases)
        .mapToLong(kind -> kind.path(column).asLong())
        .sum();
  }

  @Test
  void duckDbReadsTheParquetFileOnItsOwn() throws Exception {
    String sql =
        "SELECT sum(CASE WHEN kind LIKE 'release%%' THEN -size ELSE size END)::BIGINT, count(*) FROM read_parquet('%s')";
    Path file = export("parquet");
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        ResultSet row = database.createStatement().executeQuery(sql.formatted(file))) {
      row.next();
      assertThat(row.getLong(1)).isEqualTo(figure("live_bytes"));
      assertThat(row.getLong(2)).isEqualTo(figure("allocations") + figure("releases"));
    }
  }
}
