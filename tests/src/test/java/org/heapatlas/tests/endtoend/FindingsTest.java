package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real double free is found, live and in recordings, fails a run that is told to, and stands on
 * the time bar.
 */
class FindingsTest {
  @TempDir static Path folder;
  private static String program;

  @BeforeAll
  static void compile() throws Exception {
    Path built = Product.compile(folder, "double_free.c", "-O0", "-Wno-use-after-free", "-x", "c");
    program = built.toString();
  }

  @Test
  void aDoubleFreeSaysWhoAllocatedAndWhoReleasedTwice() throws Exception {
    Product.Result run = Product.heapatlas("run", "--json", "--", program);
    assertThat(run.status()).isZero();
    JsonNode findings = run.json().path("findings");
    assertThat(findings).hasSize(1);
    assertIsTheDoubleFree(findings.path(0));
    assertThat(run.err()).contains("findings 1", "double-free of 0x", "in drop_idle");
  }

  private static void assertIsTheDoubleFree(JsonNode finding) {
    assertThat(finding.path("kind").asText()).isEqualTo("double-free");
    assertThat(finding.path("severity").asText()).isEqualTo("error");
    assertThat(finding.path("confidence").asDouble()).isEqualTo(1);
    assertThat(finding.path("allocation").path("size").asInt()).isEqualTo(40);
    assertThat(functions(finding.path("stack"))).startsWith("drop_idle", "main");
    assertThat(functions(finding.path("allocation").path("freedBy")))
        .startsWith("close_connection", "main");
    assertThat(functions(finding.path("allocation").path("allocatedBy")))
        .startsWith("open_connection", "main");
  }

  private static List<String> functions(JsonNode stack) {
    return stack.findValuesAsText("function");
  }

  @Test
  void aRunThatIsToFailOnItEndsWithStatus3() throws Exception {
    assertThat(Product.heapatlas("run", "--fail-on", "double-free", "--", program).status())
        .isEqualTo(3);
    assertThat(Product.heapatlas("run", "--fail-on", "invalid-free", "--", program).status())
        .isZero();
    Product.Result wrong = Product.heapatlas("run", "--fail-on", "nonsense", "--", program);
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).contains("no kind of finding 'nonsense'");
  }

  @Test
  void aRecordingHasItWithItsPositionAlsoInSql() throws Exception {
    String recording = folder.resolve("whole").toString();
    Product.heapatlas("record", "-o", recording, "--", program);
    Product.Result listed = Product.heapatlas("findings", "--json", recording);
    assertThat(listed.status()).isZero();
    JsonNode finding = listed.json().path("findings").path(0);
    assertIsTheDoubleFree(finding);
    long position = finding.path("position").asLong(-1);
    assertThat(position).isPositive();
    Product.Result rows =
        Product.heapatlas(
            "query",
            recording,
            "SELECT kind, block_size, owner(process, released_by) AS first FROM findings",
            "--format",
            "csv");
    assertThat(rows.text()).contains("double-free,40,close_connection");
    assertThat(Product.heapatlas("findings", "--fail-on", "any", recording).status()).isEqualTo(3);
  }

  @Test
  void aFlightRecorderIsCutOutByIt() throws Exception {
    Path recording = folder.resolve("flight");
    Product.Result flight =
        Product.heapatlas(
            "record",
            "--last",
            "30s",
            "--on-finding",
            "-o",
            recording.toString(),
            "--json",
            "--",
            program,
            "3");
    assertThat(flight.err())
        .as("it went on beside it, where nothing was left to record")
        .contains("nothing was recorded behind the cut", recording + "-2");
    assertThat(folder.resolve("flight-2")).doesNotExist();
    assertThat(flight.json().path("recording").asText()).isEqualTo(recording.toString());
    JsonNode findings =
        Product.heapatlas("findings", "--json", recording.toString()).json().path("findings");
    assertThat(findings).hasSize(1);
    assertIsTheDoubleFree(findings.path(0));
  }

  @Test
  void aRecordingHasItAsAMarkAtItsTimeAndTheMarkLeadsThere() throws Exception {
    String recording = folder.resolve("marked").toString();
    Product.heapatlas("record", "-o", recording, "--", program);
    JsonNode finding =
        Product.heapatlas("findings", "--json", recording).json().path("findings").path(0);
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "test"));
      adapter.ask("launch", Map.of("recording", recording));
      adapter.ask("configurationDone", Map.of());
      adapter.await("stopped");
      String timeline = awaitMarks(adapter);
      JsonNode marks = marks(adapter);
      assertThat(marks.path("total").asInt()).isEqualTo(1);
      JsonNode mark = marks.path("marks").path(0);
      assertThat(mark.path("at").asLong()).isEqualTo(finding.path("from").asLong());
      assertThat(mark.path("severity").asText()).isEqualTo("error");
      assertThat(mark.path("title").asText()).isEqualTo(finding.path("title").asText());
      assertThat(mark.path("chosen").asInt()).isZero();

      String id = mark.path("id").asText();
      adapter.ask("heapatlas/act", Map.of("handle", timeline, "action", "mark", "target", id));
      Await.until("it stops", () -> adapter.events("stopped").size() == 2);
      JsonNode position =
          adapter.ask("evaluate", Map.of("expression", "position", "context", "repl"));
      assertThat(position.path("result").asText().replace(",", ""))
          .startsWith("event " + finding.path("position").asLong() + " ");
      assertThat(marks(adapter).path("marks").path(0).path("chosen").asInt()).isEqualTo(1);
      assertThat(shown(adapter, "memory.findings").path("selection").path("site").asText())
          .isEqualTo(id);
    }
  }

  @Test
  void aLiveProgramHasItAsAMarkThatShowsItsEvidence() throws Exception {
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "test"));
      adapter.ask("launch", Map.of("program", program, "args", List.of("60")));
      adapter.ask("configurationDone", Map.of());
      adapter.await("process");
      String timeline = awaitMarks(adapter);
      JsonNode mark = marks(adapter).path("marks").path(0);
      JsonNode acted =
          adapter.ask(
              "heapatlas/act",
              Map.of("handle", timeline, "action", "mark", "target", mark.path("id").asText()));
      assertThat(acted.path("message").asText()).contains("double-free of 0x", "Findings");
      JsonNode findings = shown(adapter, "memory.findings");
      assertThat(findings.path("selection").path("reveal").asInt()).isEqualTo(1);
      JsonNode table = findings.path("data");
      assertThat(table.path("rows").path(0).path("detail"))
          .extracting(line -> table.path("lines").path(line.asInt()).path("function").asText())
          .anySatisfy(function -> assertThat(function).contains("drop_idle"));
      assertThat(adapter.events("stopped")).isEmpty();
    }
  }

  /** The handle of a time bar, once it has marks: findings are told behind the process. */
  private static String awaitMarks(Adapter adapter) throws Exception {
    JsonNode opened = adapter.ask("heapatlas/open", Map.of("view", "memory.timeline"));
    Await.until("there are marks", () -> !marks(adapter).isMissingNode());
    return opened.path("handle").asText();
  }

  private static JsonNode marks(Adapter adapter) throws Exception {
    return shown(adapter, "memory.timeline").path("data").path("marks");
  }

  /** What a view shows now. */
  private static JsonNode shown(Adapter adapter, String view) throws Exception {
    JsonNode opened = adapter.ask("heapatlas/open", Map.of("view", view));
    adapter.ask("heapatlas/close", Map.of("handle", opened.path("handle").asText()));
    return opened.path("frame");
  }
}
