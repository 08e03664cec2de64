package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A query only reads the session's tables, ends at its limits, and is ended at once. */
class LockedQueryTest {
  private static final String ENDLESS =
      "SELECT count(*) FROM range(10000000) a, range(10000000) b, range(10000000) c WHERE a.range + b.range = c.range";

  /** Longer than any query of a few rows takes, and far less than the endless one would. */
  private static final int SECONDS_AT_WORK = 6;

  @TempDir static Path folder;
  private static RecordedPython python;

  private final Path witness = folder.resolve("witness");

  @BeforeAll
  static void record() throws Exception {
    python = RecordedPython.into(folder.resolve("recording"));
  }

  /** In a debug session on the recording. */
  private static Adapter opened() throws Exception {
    Adapter adapter = Adapter.start();
    adapter.ask("initialize", Map.of("adapterID", "tests", "supportsProgressReporting", true));
    adapter.await("initialized");
    adapter.ask("launch", Map.of("recording", python.folder().toString()));
    adapter.ask("configurationDone", Map.of());
    adapter.await("stopped");
    return adapter;
  }

  private static Map<String, String> sql(String query) {
    return Map.of("expression", "sql " + query, "context", "repl");
  }

  private Stream<String> readersOfFiles() {
    return Stream.concat(
        Stream.of(
                "read_csv",
                "read_csv_auto",
                "sniff_csv",
                "read_text",
                "read_blob",
                "read_json",
                "read_json_auto",
                "read_json_objects",
                "read_ndjson",
                "read_ndjson_objects",
                "read_parquet",
                "parquet_scan",
                "parquet_schema",
                "parquet_metadata",
                "parquet_file_metadata",
                "parquet_kv_metadata",
                "parquet_full_metadata",
                "read_duckdb",
                "glob")
            .map(reader -> "FROM " + reader + "('/etc/passwd')"),
        Stream.of(
            "FROM '/etc/passwd'",
            "FROM '" + python.folder() + "/recording.json'",
            "FROM read_text('" + python.folder() + "/recording.json')",
            "FROM read_text(['/etc/passwd', '/etc/hostname'])",
            "SELECT (SELECT content FROM read_text('/proc/self/environ'))",
            "FROM query('FROM read_text(''/etc/passwd'')')",
            "FROM query_table('/etc/passwd')",
            "FROM json_execute_serialized_sql(json_serialize_sql('FROM read_text(''/etc/passwd'')'))",
            "FROM read_csv('http://127.0.0.1:9/x')",
            "FROM duckdb_secrets()",
            "FROM duckdb_extensions()",
            "SELECT getenv('HOME')"));
  }

  private Stream<String> changes() {
    return Stream.of(
        "COPY events TO '" + witness + "'",
        "COPY (SELECT 1) TO '" + witness + "' (FORMAT parquet)",
        "COPY events FROM '/etc/passwd'",
        "EXPORT DATABASE '" + witness + "'",
        "IMPORT DATABASE '/etc'",
        "ATTACH '" + witness + "'",
        "ATTACH ':memory:' AS other",
        "USE memory",
        "INSTALL httpfs",
        "FORCE INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '" + witness + "'",
        "UPDATE EXTENSIONS",
        "SET memory_limit = '100GB'",
        "SET enable_external_access = true",
        "SET GLOBAL lock_configuration = false",
        "RESET threads",
        "PRAGMA enable_external_access = true",
        "PRAGMA import_database('/etc')",
        "CALL enable_logging(storage = 'file', storage_path = '" + witness + "')",
        "FROM enable_logging(storage = 'file', storage_path = '" + witness + "')",
        "FROM enable_profiling(save_location = '" + witness + "')",
        "FROM query('COPY (SELECT 1) TO ''" + witness + "''')",
        "CREATE TABLE t AS FROM events",
        "CREATE SECRET s (TYPE s3)",
        "CREATE OR REPLACE VIEW events AS SELECT 1",
        "DROP VIEW events",
        "DELETE FROM events",
        "INSERT INTO events SELECT * FROM events",
        "EXPLAIN ANALYZE COPY events TO '" + witness + "'",
        "WITH t AS (SELECT 1) INSERT INTO events FROM t",
        "PREPARE p AS SELECT 1",
        "BEGIN",
        "CHECKPOINT",
        "VACUUM",
        "SELECT 1; SELECT 2",
        "SELECT 1; COPY (SELECT 1) TO '" + witness + "'");
  }

  @Test
  void aQueryReadsNoFileWritesNoneAndChangesNothing() throws Exception {
    try (Adapter adapter = opened()) {
      for (String query : Stream.concat(readersOfFiles(), changes()).toList()) {
        assertThat(adapter.refusal("evaluate", sql(query)))
            .as(query)
            .isNotEmpty()
            .doesNotContain("\n", "Exception", "root:");
      }
      assertThat(witness).doesNotExist();
      assertThat(
              adapter
                  .ask("evaluate", sql("SELECT count(*) AS n FROM events;"))
                  .path("result")
                  .asText()
                  .lines())
          .as("the tables are as they were")
          .last()
          .asString()
          .isEqualToIgnoringWhitespace(Long.toString(python.figure("events")));
      assertThat(
              adapter
                  .ask("evaluate", sql("SELECT current_setting('enable_external_access') AS open"))
                  .path("result")
                  .asText())
          .endsWith("false");
    }
  }

  @Test
  void whatIsWrongWithAQuerySaysWhere() throws Exception {
    Product.Result refused = python.query("SELECT kind,\n  nosuch\nFROM events");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err().lines()).singleElement().asString().contains("SQL at 2:3", "nosuch");
    try (Adapter adapter = opened()) {
      assertThat(adapter.refusal("evaluate", sql("SELEC 1"))).contains("SQL at 1:1");
      assertThat(adapter.refusal("evaluate", sql("SELECT 1 FROM nosuch"))).contains("SQL at 1:15");
      assertThat(adapter.refusal("evaluate", sql("SELECT (1 FROM events"))).contains("SQL at 1:11");
    }
  }

  @Test
  void aQueryEndsAtItsLimits() throws Exception {
    Product.Result slow = python.query(ENDLESS, "--timeout", "1s");
    assertThat(slow.status()).isEqualTo(1);
    assertThat(slow.err().lines())
        .singleElement()
        .asString()
        .contains("ended after 1 s", "--timeout");
    Product.Result large =
        python.query("SELECT list(range) FROM range(100000000)", "--memory", "64M");
    assertThat(large.status()).isEqualTo(1);
    assertThat(large.err().lines())
        .singleElement()
        .asString()
        .contains("more than 64.0 MiB of memory", "--memory");
  }

  @Test
  void aQueryIsCancelledInADebugSessionWhichGoesOn() throws Exception {
    try (Adapter adapter = opened()) {
      int before = adapter.events("progressStart").size();
      CompletableFuture<String> refusal =
          CompletableFuture.supplyAsync(() -> refusal(adapter, ENDLESS));
      Await.until(
          "the query is shown as work", () -> adapter.events("progressStart").size() > before);
      String progress = adapter.events("progressStart").getLast().path("progressId").asText();
      adapter.ask("cancel", Map.of("progressId", progress));
      assertThat(refusal.join()).isEqualTo("cancelled");
      assertThat(adapter.ask("evaluate", sql("SELECT 4711 AS n")).path("result").asText())
          .contains("4711");
      assertThat(adapter.leave()).isZero();
    }
  }

  private static String refusal(Adapter adapter, String query) {
    try {
      return adapter.refusal("evaluate", sql(query));
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  @Test
  void ctrlCEndsAQueryAndTheCollectorBehindIt() throws Exception {
    Process query =
        new ProcessBuilder(
                Product.root().resolve("heapatlas").toString(),
                "query",
                python.folder().toString(),
                ENDLESS)
            .start();
    try {
      Await.until(
          "the query is at work",
          () ->
              query.toHandle().info().totalCpuDuration().orElseThrow().toSeconds()
                  >= SECONDS_AT_WORK);
      List<ProcessHandle> collectors = query.descendants().toList();
      assertThat(collectors).isNotEmpty();
      TestNode.signal(query.toHandle(), "INT");
      assertThat(query.waitFor()).isEqualTo(1);
      assertThat(query.errorReader().lines())
          .singleElement()
          .asString()
          .contains("the query was cancelled");
      Await.until(
          "its collector has ended", () -> collectors.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      query.destroyForcibly();
    }
  }

  @Test
  void theSameRowsAreWrittenInEveryFormat() throws Exception {
    String sql = "SELECT position, kind, address, size, site FROM events ORDER BY position";
    long bytes = 0;
    JsonNode json = python.rows(sql);
    for (JsonNode row : json) {
      bytes += row.path("size").asLong();
    }
    assertThat((long) json.size()).isEqualTo(python.figure("events"));

    List<String> csv = python.query(sql, "--format", "csv").text().lines().toList();
    assertThat(csv.getFirst()).isEqualTo("position,kind,address,size,site");
    assertThat(csv.stream().skip(1).mapToLong(line -> Long.parseLong(line.split(",", -1)[3])).sum())
        .isEqualTo(bytes);
    assertThat(csv).hasSize(json.size() + 1);
    assertThat(python.query(sql).text().lines()).hasSize(json.size() + 1);

    String parquet = written(sql, "parquet");
    try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = database.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*), sum(size)::BIGINT FROM '%s'".formatted(parquet))) {
      assertThat(row.next()).isTrue();
      assertThat(row.getLong(1)).isEqualTo(json.size());
      assertThat(row.getLong(2)).isEqualTo(bytes);
    }
    try (ZipFile book = new ZipFile(written(sql, "xlsx"))) {
      String sheet =
          new String(
              book.getInputStream(book.getEntry("xl/worksheets/sheet1.xml")).readAllBytes(),
              StandardCharsets.UTF_8);
      assertThat(sheet.split("<row ", -1)).hasSize(json.size() + 2);
    }
    assertThat(python.query(sql, "--format", "xlsx").err()).contains("-o");
    assertThat(python.query(sql, "--format", "docx").err()).contains("'docx'", "parquet");
  }

  private static String written(String sql, String format) throws Exception {
    String file = folder.resolve("rows." + format).toString();
    assertThat(python.query(sql, "--format", format, "-o", file).status()).isZero();
    return file;
  }

  @Test
  void aLiveSessionIsAskedByItsPidAndInItsConsole() throws Exception {
    try (TestNode node = TestNode.start()) {
      Map<String, String> here = Map.of("HEAPATLAS_DIR", node.folder().toString());
      try (Adapter adapter = Adapter.start(here)) {
        adapter.ask("initialize", Map.of("adapterID", "tests"));
        adapter.await("initialized");
        adapter.ask(
            "launch",
            Map.of(
                "program",
                RecordedPython.COMMAND.getFirst(),
                "args",
                List.of("-c", RecordedPython.PROGRAM, "stay")));
        adapter.ask("configurationDone", Map.of());
        int pid = adapter.await("process").path("systemProcessId").asInt();
        Await.until("python3 waits", () -> adapter.output("stdout").contains("ready"));

        String sql =
            "SELECT (SELECT sum(live_bytes)::BIGINT FROM processes) AS processes,"
                + " (SELECT sum(size)::BIGINT FROM allocations) AS allocations,"
                + " (SELECT sum(live_bytes)::BIGINT FROM sites) AS sites";
        JsonNode row = live(here, pid, sql).get(0);
        long bytes = adapter.figures().get("liveBytes").path("value").asLong();
        assertThat(bytes).isPositive();
        assertThat(row).allSatisfy(figure -> assertThat(figure.asLong()).isEqualTo(bytes));
        assertThat(adapter.ask("evaluate", sql(sql)).path("result").asText())
            .contains(Long.toString(bytes));
        assertThat(adapter.refusal("evaluate", sql("FROM events")))
            .contains("is not recorded", "./heapatlas record");
      }
    }
  }

  private static JsonNode live(Map<String, String> here, int pid, String sql) throws Exception {
    Product.Result result =
        Product.execute(
            List.of(
                Product.root().resolve("heapatlas").toString(),
                "query",
                "--json",
                Integer.toString(pid),
                sql),
            here);
    if (result.status() != 0) {
      throw new IOException(result.err());
    }
    return new ObjectMapper().readTree(result.text());
  }
}
