package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two recordings of a real program in the view of growth: it says what 'diff' says of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoRecordingsTest {
  private static final String KEEPS =
      """
      import os, time
      kept = [bytes(i) for i in range(600, 600 + %d)]
      time.sleep(0.3)
      os._exit(0)
      """;

  private Path folder;

  @BeforeAll
  void record(@TempDir Path recordings) throws Exception {
    folder = recordings;
    record("before", 500);
    record("after", 3000);
    Files.createDirectory(folder.resolve("empty"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("before"));
  }

  private void record(String name, int blocks) throws Exception {
    Product.Result recorded =
        Product.heapatlas(
            "record",
            "-o",
            folder.resolve(name).toString(),
            "--",
            "/usr/bin/python3",
            "-c",
            KEEPS.formatted(blocks));
    assertThat(recorded.status()).as(recorded.err()).isZero();
  }

  private Adapter replaying() throws Exception {
    Adapter adapter = Adapter.start();
    adapter.ask("initialize", Map.of("adapterID", "test"));
    adapter.ask("launch", Map.of("recording", folder.resolve("after").toString()));
    adapter.ask("configurationDone", Map.of());
    adapter.await("stopped");
    return adapter;
  }

  private static Map<String, Object> growth(String recording) {
    return Map.of("view", "memory.growth", "parameters", Map.of("recording", recording));
  }

  /** Few rows fit an answer of the protocol; more would come over the channel. */
  private static JsonNode read(Adapter adapter, String recording, int rows) throws Exception {
    String handle = adapter.ask("heapatlas/open", growth(recording)).path("handle").asText();
    adapter.ask(
        "heapatlas/act",
        Map.of("handle", handle, "action", "window", "arguments", Map.of("rows", rows)));
    Await.until("the view is read", () -> newest(adapter, handle, rows) != null);
    return newest(adapter, handle, rows);
  }

  /** What stands in the place of rows: in the answer already, or in a later frame. */
  private static String refusal(Adapter adapter, String recording) throws Exception {
    JsonNode opened = adapter.ask("heapatlas/open", growth(recording));
    String at = opened.path("frame").path("empty").asText();
    if (!at.isEmpty() && !opened.path("frame").has("progress")) {
      return at;
    }
    String handle = opened.path("handle").asText();
    Await.until("it is refused", () -> newest(adapter, handle, 0) != null);
    return newest(adapter, handle, 0).path("empty").asText();
  }

  private static JsonNode newest(Adapter adapter, String handle, int rows) {
    List<JsonNode> frames =
        adapter.events("heapatlas/frame").stream()
            .filter(body -> body.path("handle").asText().equals(handle))
            .map(body -> body.path("frame"))
            .filter(frame -> !frame.has("progress"))
            .filter(frame -> frame.path("data").path("rows").size() <= rows)
            .toList();
    return frames.isEmpty() ? null : frames.getLast();
  }

  private static long number(JsonNode row, int column) {
    return row.path("cells").path(column).path("number").asLong();
  }

  @Test
  void theViewSaysWhatDiffSays() throws Exception {
    Product.Result diff =
        Product.heapatlas(
            "diff",
            folder.resolve("before").toString(),
            folder.resolve("after").toString(),
            "--json");
    assertThat(diff.status()).as(diff.err()).isZero();
    JsonNode sites = diff.json().path("sites");
    try (Adapter adapter = replaying()) {
      JsonNode frame = read(adapter, "before", 5);
      assertThat(frame.path("title").asText()).startsWith("Growth from 'before' at ");
      assertThat(frame.path("data").path("total").asInt()).isEqualTo(sites.size());
      List<List<Long>> said = new ArrayList<>();
      for (JsonNode site : sites) {
        said.add(
            Stream.of("grownBytes", "grownAllocations", "bytesA", "bytesB")
                .map(name -> site.path(name).asLong())
                .toList());
      }
      List<List<Long>> shown = new ArrayList<>();
      for (JsonNode row : frame.path("data").path("rows")) {
        shown.add(List.of(number(row, 2), number(row, 4), number(row, 5), number(row, 6)));
      }
      assertThat(shown).hasSize(5).first().isEqualTo(said.getFirst());
      assertThat(said).as("sites that grew alike have no order").containsAll(shown);
      assertThat(number(frame.path("data").path("rows").path(0), 4))
          .as("the blocks that it keeps more")
          .isEqualTo(2500);
    }
  }

  @Test
  void aPathALinkAndWhatIsNoRecordingAreRefusedInASentence() throws Exception {
    Map<String, String> sentences = new HashMap<>();
    try (Adapter adapter = replaying()) {
      for (String name : List.of(folder.resolve("before").toString(), "../x", "link", "empty")) {
        sentences.put(name, refusal(adapter, name));
      }
    }
    assertThat(sentences.get("../x")).contains("is no name of a folder beside");
    assertThat(sentences.get(folder.resolve("before").toString()))
        .contains("is no name of a folder beside");
    assertThat(sentences.get("link")).contains("there is no folder 'link'");
    assertThat(sentences.get("empty")).contains("is not a recording");
  }

  @Test
  void aRecordingThatWasCutShortIsComparedAndWhatIsMissingIsSaid() throws Exception {
    record("short", 500);
    try (Stream<Path> files = Files.walk(folder.resolve("short"))) {
      Path events =
          files
              .filter(Files::isRegularFile)
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
      try (RandomAccessFile bytes = new RandomAccessFile(events.toFile(), "rw")) {
        bytes.setLength(bytes.length() / 2);
      }
    }
    try (Adapter adapter = replaying()) {
      JsonNode frame = read(adapter, "short", 5);
      assertThat(frame.path("title").asText())
          .startsWith("Growth from 'short' at ")
          .contains("cut short");
    }
  }
}
