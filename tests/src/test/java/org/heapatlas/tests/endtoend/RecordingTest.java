package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What was recorded of real programs is replayed as it was. */
class RecordingTest {
  @TempDir Path folder;

  static Stream<Arguments> programs() {
    return Stream.of(
        Arguments.of(
            "sqlite3",
            List.of(
                "sqlite3",
                ":memory:",
                "create table t(x); with recursive c(i) as (select 1 union all select i+1 from c where i<20000) insert into t select i*7919 from c; select count(*), sum(x) from t;")),
        Arguments.of(
            "python3",
            List.of(
                "/usr/bin/python3",
                "-c",
                "import json; print(len(json.dumps([str(i) * 9 for i in range(20000)])))")),
        Arguments.of("a program that fails behind a shell", List.of("sh", "-c", "ls /no/such")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void theReplaySumsUpAsTheRunDid(String name, List<String> command) throws Exception {
    Path recording = folder.resolve("recording");
    Product.Result alone = Product.execute(command, Map.of());
    Product.Result recorded =
        Product.heapatlas(
            Stream.concat(
                    Stream.of("record", "--json", "-o", recording.toString(), "--"),
                    command.stream())
                .toArray(String[]::new));
    assertThat(recorded.status()).as(recorded.err()).isEqualTo(alone.status());
    assertThat(recorded.json().path("recording").asText()).isEqualTo(recording.toString());
    assertThat(recorded.err()).contains("recorded ").contains(recording.toString());

    Product.Result replayed = Product.heapatlas("replay", "--json", recording.toString());
    assertThat(replayed.status()).as(replayed.err()).isZero();
    assertThat(comparable(replayed.json())).isEqualTo(comparable(recorded.json()));
  }

  /** How the program ended is the run's alone to know. */
  private static JsonNode comparable(JsonNode summary) {
    ObjectNode all = summary.deepCopy();
    all.remove(List.of("exitStatus", "programCpuNanos"));
    return all;
  }

  @Test
  void aFolderThatIsTakenIsRefusedAndNothingIsStarted() throws Exception {
    Path taken = Files.createDirectory(folder.resolve("taken"));
    Files.writeString(taken.resolve("file"), "mine");
    Path witness = folder.resolve("witness");
    Product.Result refused =
        Product.heapatlas("record", "-o", taken.toString(), "--", "touch", witness.toString());
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err().lines()).singleElement().asString().contains(taken.toString());
    assertThat(witness).doesNotExist();
  }

  @Test
  void anInstantInTheMiddleHasFewerEventsThanTheEnd() throws Exception {
    Path recording = folder.resolve("recording");
    long all =
        Product.heapatlas(
                "record",
                "--json",
                "-o",
                recording.toString(),
                "--",
                "sqlite3",
                ":memory:",
                "select 1")
            .json()
            .path("events")
            .asLong();
    JsonNode middle =
        Product.heapatlas("replay", "--json", "--at", "100", recording.toString()).json();
    assertThat(middle.path("events").asLong()).isBetween(1L, all - 1);
    assertThat(Product.heapatlas("replay", "--at", "soon", recording.toString()).err())
        .contains("'soon'");
  }

  @Test
  void whatIsNoRecordingIsRefusedInOneSentence() throws Exception {
    Product.Result refused = Product.heapatlas("replay", "--json", folder.toString());
    assertThat(refused.status()).isNotZero();
    assertThat(refused.err().lines()).singleElement().asString().contains(folder.toString());
  }
}
