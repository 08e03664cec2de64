package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real double free is found, live and in recordings, and fails a run that is told to. */
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
}
