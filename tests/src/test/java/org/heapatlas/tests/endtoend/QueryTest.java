package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every documented table, macro and template says of a recording what its replay says. */
class QueryTest {
  private static final String END = Long.toString(Long.MAX_VALUE);
  private static final Pattern TABLE = Pattern.compile("(?m)^\\| `(\\w+)`.*? \\| (.*) \\|$");
  private static final Pattern MACRO = Pattern.compile("(?m)^\\| .*\\(.*?\\)` \\|");
  private static final Pattern CALL = Pattern.compile("`(\\w+)\\(");
  private static final Pattern WORD = Pattern.compile("`(\\w+)`");

  @TempDir static Path folder;
  private static RecordedPython python;

  @BeforeAll
  static void record() throws Exception {
    python = RecordedPython.into(folder.resolve("recording"));
  }

  /** Queries of one figure each, by their names, asked in one. */
  private static Map<String, Long> figures(Map<String, String> queries) throws Exception {
    JsonNode row =
        python
            .rows(
                queries.entrySet().stream()
                    .map(each -> "(%s)::BIGINT AS %s".formatted(each.getValue(), each.getKey()))
                    .collect(Collectors.joining(", ", "SELECT ", "")))
            .get(0);
    Map<String, Long> figures = new LinkedHashMap<>();
    queries.keySet().forEach(name -> figures.put(name, row.path(name).asLong()));
    return figures;
  }

  private static void expectEach(Map<String, String> queries, String figure) throws Exception {
    assertThat(python.figure(figure)).as(figure).isPositive();
    assertThat(figures(queries))
        .allSatisfy((name, is) -> assertThat(is).as(name).isEqualTo(python.figure(figure)));
  }

  @Test
  void theEventsAreThoseOfTheSummary() throws Exception {
    expectEach(
        Map.of(
            "events", "SELECT count(*) FROM events",
            "events_between", "SELECT count(*) FROM events_between(0, " + END + ")",
            "all_events",
                "SELECT count(*) FROM all_events WHERE position IN (SELECT position FROM events)",
            "allocations", "SELECT count(*) + count(end_time) FROM allocations",
            "allocations_between",
                "SELECT count(*) + count(end_time) FROM allocations_between(0, " + END + ")",
            "processes", "SELECT sum(allocations + releases) FROM processes",
            "sites",
                "SELECT (SELECT sum(total_allocations) FROM sites) + (SELECT sum(releases) FROM processes)",
            "leaks_and_others",
                "SELECT (SELECT sum(live_allocations + 2 * released_allocations) FROM leaks())"
                    + " + (SELECT count(*) + count(end_time) FROM allocations WHERE site NOT IN (SELECT site FROM leaks()))"),
        "events");
  }

  @Test
  void whatIsLiveAtTheEndIsThatOfTheSummary() throws Exception {
    expectEach(
        Map.of(
            "allocations", "SELECT sum(size) FROM allocations WHERE end_time IS NULL",
            "live_at", "SELECT sum(size) FROM live_at(" + END + ")",
            "events",
                "SELECT sum(CASE WHEN kind LIKE 'release%' THEN -size ELSE size END) FROM events",
            "history",
                "SELECT sum(h.size) FROM (SELECT address FROM live_at("
                    + END
                    + ")) AS live,"
                    + " LATERAL (SELECT size FROM events AS e WHERE e.address = live.address ORDER BY position DESC LIMIT 1) AS h",
            "processes", "SELECT live_bytes FROM processes",
            "nodes", "SELECT live_bytes FROM nodes",
            "sites", "SELECT sum(live_bytes) FROM sites",
            "metrics", "SELECT last(live_bytes ORDER BY time) FROM metrics",
            "growth", "SELECT sum(bytes_after) FROM growth(0, " + END + ")",
            "leaks", "SELECT sum(live_bytes) FROM leaks()"),
        "liveBytes");
    expectEach(
        Map.of(
            "allocations", "SELECT count(*) FROM allocations WHERE end_time IS NULL",
            "sites", "SELECT sum(live_allocations) FROM sites",
            "nodes", "SELECT live_allocations FROM nodes",
            "leaks", "SELECT sum(live_allocations) FROM leaks()"),
        "liveAllocations");
  }

  @Test
  void theRestAgreesAmongItself() throws Exception {
    Map<String, Long> all =
        figures(
            Map.ofEntries(
                Map.entry("peak", "SELECT peak_bytes FROM processes"),
                Map.entry("highest", "SELECT max(live_bytes) FROM metrics"),
                Map.entry("allocated", "SELECT sum(size) FROM allocations"),
                Map.entry("by_threads", "SELECT sum(allocated_bytes) FROM threads"),
                Map.entry("by_sites", "SELECT sum(total_bytes) FROM sites"),
                Map.entry("sites", "SELECT count(*) FROM sites"),
                Map.entry("framed", "SELECT count(DISTINCT site) FROM frames"),
                Map.entry("threads", "SELECT count(*) FROM threads"),
                Map.entry("threads_of_events", "SELECT count(DISTINCT thread) FROM events"),
                Map.entry("mapped", "SELECT sum(live_bytes) FROM regions"),
                Map.entry("heaps", "SELECT least(count(*), 1) FROM regions WHERE kind = 'heap'"),
                Map.entry("labels", "SELECT count(*) FROM labels"),
                Map.entry("gaps", "SELECT count(*) FROM gaps")));
    assertThat(all)
        .containsEntry("peak", python.figure("peakBytes"))
        .containsEntry("by_threads", all.get("allocated"))
        .containsEntry("by_sites", all.get("allocated"))
        .containsEntry("framed", all.get("sites"))
        .containsEntry("threads", 2L)
        .containsEntry("threads_of_events", 2L)
        .containsEntry("heaps", 1L)
        .containsEntry("labels", 0L)
        .containsEntry("gaps", python.figure("gaps"));
    assertThat(all.get("highest")).isBetween(python.figure("liveBytes"), all.get("peak"));
    assertThat(all.get("mapped")).isBetween(1L, python.figure("liveBytes"));
  }

  @Test
  void aBlocksHistoryAndItsStackNameWhoAllocatedIt() throws Exception {
    JsonNode block =
        python
            .rows(
                "SELECT address, size, site, owner(process, site) AS who FROM live_at("
                    + END
                    + ") ORDER BY size DESC LIMIT 1")
            .get(0);
    JsonNode history =
        python.rows(
            "FROM history('" + block.path("address").asText() + "') WHERE kind NOT LIKE 'map%'");
    JsonNode last = history.get(history.size() - 1);
    assertThat(last.path("kind").asText()).startsWith("allocate");
    assertThat(last.path("size")).isEqualTo(block.path("size"));
    assertThat(last.path("function")).isEqualTo(block.path("who"));
    JsonNode stack = python.rows("FROM stack(" + block.path("site") + ")");
    assertThat(stack)
        .isNotEmpty()
        .isEqualTo(
            python.rows(
                "SELECT * FROM frames WHERE site = " + block.path("site") + " ORDER BY depth"));
  }

  @Test
  void everyTableHasTheColumnsThatAreDocumentedAndEveryMacroIsThere() throws Exception {
    String documented = Product.heapatlas("query", "--tables").text();
    Map<String, List<String>> said = new LinkedHashMap<>();
    for (MatchResult table : TABLE.matcher(documented).results().toList()) {
      List<String> columns = words(WORD, table.group(2));
      said.put(table.group(1), columns.isEmpty() ? said.get("events") : columns);
    }
    Map<String, List<String>> there = new LinkedHashMap<>();
    for (JsonNode column :
        python.rows("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal")) {
      there
          .computeIfAbsent(column.path("table_name").asText(), name -> new ArrayList<>())
          .add(column.path("column_name").asText());
    }
    assertThat(there.keySet()).containsExactlyInAnyOrderElementsOf(said.keySet());
    said.forEach(
        (table, columns) ->
            assertThat(there.get(table)).as(table).containsExactlyInAnyOrderElementsOf(columns));

    List<String> macros =
        MACRO
            .matcher(documented)
            .results()
            .flatMap(row -> words(CALL, row.group()).stream())
            .collect(Collectors.toList());
    macros.add("stack");
    assertThat(
            texts(
                python.rows(
                    "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal"),
                "function_name"))
        .containsExactlyInAnyOrderElementsOf(macros);
  }

  private static List<String> words(Pattern word, String text) {
    return word.matcher(text).results().map(found -> found.group(1)).toList();
  }

  private static List<String> texts(JsonNode rows, String column) {
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> row.path(column).asText())
        .toList();
  }

  private static long sum(JsonNode rows, String column) {
    return StreamSupport.stream(rows.spliterator(), false)
        .mapToLong(row -> row.path(column).asLong())
        .sum();
  }

  private static JsonNode template(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("--set", "rows=100000", "--template"));
    all.addAll(List.of(words));
    return python.rows(all.toArray(String[]::new));
  }

  @Test
  void theTemplatesAnswerWhatTheyPromise() throws Exception {
    JsonNode leaks = template("leaks", "--set", "kept=0");
    assertThat(sum(leaks, "live_bytes")).isEqualTo(python.figure("liveBytes"));
    assertThat(sum(leaks, "live_allocations")).isEqualTo(python.figure("liveAllocations"));

    long released = python.figure("events") - python.figure("liveAllocations");
    assertThat(sum(template("churn"), "released_allocations") * 2).isEqualTo(released);

    JsonNode growth = template("growth");
    assertThat(sum(growth, "grown_bytes"))
        .isPositive()
        .isEqualTo(sum(growth, "bytes_after") - sum(growth, "bytes_before"));
    assertThat(sum(growth, "bytes_after")).isLessThanOrEqualTo(python.figure("liveBytes"));

    JsonNode classes = template("size-class-waste");
    assertThat(sum(classes, "bytes")).isEqualTo(python.figure("liveBytes"));
    assertThat(sum(classes, "allocations")).isEqualTo(python.figure("liveAllocations"));

    assertThat(
            sum(
                template("short-lived-large", "--set", "size=200000", "--set", "lifetime=1h"),
                "allocations"))
        .as("50 blocks of 200,000 bytes come and go")
        .isGreaterThanOrEqualTo(50);
    assertThat(sum(template("cross-thread-frees"), "allocations"))
        .as("2,700 of the maker's 3,000 blocks are released by the main thread")
        .isGreaterThanOrEqualTo(2_600);
  }
}
