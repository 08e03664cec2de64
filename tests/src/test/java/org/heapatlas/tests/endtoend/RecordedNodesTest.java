package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recordings that were made by two collectors, one after the other, in one folder: they are
 * replayed together, and one that is damaged takes nothing from the other.
 */
class RecordedNodesTest {
  private static final String LIVE =
      "SELECT live_allocations > 0 AS live FROM processes ORDER BY node";

  @TempDir static Path folder;
  @TempDir Path here;

  @BeforeAll
  static void record() throws Exception {
    for (String node : List.of("first", "second")) {
      Product.Result recorded =
          TestNode.alone(
              List.of(
                  "record",
                  "-o",
                  folder.resolve(node).toString(),
                  "--",
                  "/usr/bin/python3",
                  "-c",
                  "kept = [bytes(1000 + i) for i in range(%d)]; import os; os._exit(0)"
                      .formatted(node.length() * 500)));
      assertThat(recorded.status()).as(recorded.err()).isZero();
    }
  }

  private Path copy() throws Exception {
    Path copy = here.resolve("nodes");
    Product.execute(List.of("cp", "-r", folder.toString(), copy.toString()), Map.of());
    return copy;
  }

  private static JsonNode summary(Path recording) throws Exception {
    Product.Result result = Product.heapatlas("replay", "--json", recording.toString());
    assertThat(result.status()).as(result.err()).isZero();
    return result.json();
  }

  private static Stream<String> figures(JsonNode summary) {
    return Stream.of("events", "lost", "peakBytes", "liveBytes", "liveAllocations", "sites")
        .map(name -> summary.path(name).toString());
  }

  private static JsonNode nodes(Path recording) throws Exception {
    return Product.heapatlas(
            "query",
            recording.toString(),
            "--json",
            "SELECT node, live_bytes FROM nodes ORDER BY node")
        .json();
  }

  @Test
  void theFiguresOfEachNodeAreThoseOfItsOwnRecording() throws Exception {
    JsonNode first = summary(folder.resolve("first"));
    JsonNode second = summary(folder.resolve("second"));
    assertThat(figures(summary(folder))).containsExactlyElementsOf(figures(first).toList());
    JsonNode nodes = nodes(folder);
    assertThat(nodes.findValuesAsText("node")).containsExactly("first", "second");
    assertThat(nodes.path(0).path("live_bytes")).isEqualTo(first.path("liveBytes"));
    assertThat(nodes.path(1).path("live_bytes")).isEqualTo(second.path("liveBytes"));
  }

  private static String live(Adapter adapter, String moment) throws Exception {
    adapter.ask("evaluate", Map.of("expression", "seek " + moment));
    String[] lines = {""};
    Await.until(
        "it stands at " + moment,
        () -> {
          lines[0] =
              adapter.ask("evaluate", Map.of("expression", "sql " + LIVE)).path("result").asText();
          return !lines[0].isEmpty();
        });
    return lines[0].replaceAll("(?s)[^a-z]+", " ").strip();
  }

  /** The second program began when the first had ended. */
  @Test
  void theNodesStandAtOneInstant() throws Exception {
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      adapter.await("initialized");
      adapter.ask("launch", Map.of("recording", folder.toString()));
      adapter.ask("configurationDone", Map.of());
      adapter.await("stopped");
      assertThat(live(adapter, "begin")).contains("false false");
      assertThat(live(adapter, "end")).contains("true false");
    }
  }

  @Test
  void aNodeThatCannotBeReplayedIsLeftOutAndSaid() throws Exception {
    Path both = copy();
    Files.delete(both.resolve("first").resolve("recording.json"));
    Files.createSymbolicLink(both.resolve("third"), folder.resolve("first"));
    Product.Result result = Product.heapatlas("replay", "--json", both.toString());
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err().lines())
        .anySatisfy(
            line -> assertThat(line).contains("the node first is left out", "no recording.json"))
        .anySatisfy(line -> assertThat(line).contains("the node third is left out", "is a link"));
    assertThat(figures(result.json()))
        .containsExactlyElementsOf(figures(summary(folder.resolve("second"))).toList());
  }

  private String said(Path recording) throws Exception {
    Product.Result result = Product.heapatlas("replay", "--json", recording.toString());
    assertThat(result.status()).as(result.err()).isZero();
    return result.err();
  }

  @Test
  void whatIsKnownOfTheClocksIsSaid() throws Exception {
    Path both = copy();
    assertThat(said(both)).contains("how far apart the nodes' clocks were was not measured");
    Files.writeString(
        both.resolve("nodes.jsonl"),
        """
        {"node": "first", "address": "a:1", "at": 1, "offsetNanos": 7000000, "errorNanos": 250000}
        {"node": "second", "address": "b:1", "at": 1, "missing": "it went away"}
        {"node": "fir""");
    assertThat(said(both))
        .contains(
            "of the node second: it went away",
            "instants of the node first are on the clock of the server that recorded, at most 0.250 ms off",
            "the clock of the node second was not measured");
    JsonNode nodes =
        Product.heapatlas(
                "query",
                both.toString(),
                "--json",
                "SELECT node, clock_offset, clock_error FROM nodes ORDER BY node")
            .json();
    assertThat(nodes.path(0).path("clock_offset").asLong()).isEqualTo(7_000_000);
    assertThat(nodes.path(0).path("clock_error").asLong()).isEqualTo(250_000);
    assertThat(nodes.path(1).path("clock_error").isNull()).isTrue();
    Files.writeString(both.resolve("nodes.jsonl"), "of another kind\n");
    assertThat(said(both))
        .contains("nodes.jsonl beside the recordings cannot be used (line 1 is no JSON)");
  }

  @Test
  void whereNoneCanBeReplayedOneSentenceSaysWhy() throws Exception {
    Path both = copy();
    Files.writeString(both.resolve("first").resolve("recording.json"), "{}");
    Files.writeString(both.resolve("second").resolve("recording.json"), "{}");
    Product.Result result = Product.heapatlas("replay", "--json", both.toString());
    assertThat(result.status()).isIn(1, 2);
    assertThat(result.err().strip().lines())
        .singleElement()
        .asString()
        .contains("none of the recordings in", "names no format");
  }
}
