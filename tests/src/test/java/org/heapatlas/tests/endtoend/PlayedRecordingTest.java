package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording of python3 that is played from its time bar, and asked in SQL in a view. */
class PlayedRecordingTest {
  private static final String PROGRAM =
      "import time\nfor i in range(40):\n  all = [str(i) * j for j in range(500)]\n  time.sleep(0.02)";

  @TempDir Path folder;

  @Test
  void itPlaysToItsEndAndBackAndEveryViewFollowsAndAnswersQueries() throws Exception {
    String recording = folder.resolve("recording").toString();
    Product.heapatlas("record", "-o", recording, "--", "python3", "-c", PROGRAM);
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "test"));
      adapter.ask("launch", Map.of("recording", recording, "stopOnEntry", true));
      adapter.ask("configurationDone", Map.of());
      adapter.await("stopped");
      JsonNode opened = adapter.ask("heapatlas/open", Map.of("view", "memory.timeline"));
      String timeline = opened.path("handle").asText();
      adapter.ask("heapatlas/open", Map.of("view", "memory.overview"));
      long end = opened.path("frame").path("time").path("to").asLong();
      assertThat(end).isGreaterThan(500_000_000L);

      act(adapter, timeline, "play", Map.of("speed", "1"));
      Await.until("it stops at its end", () -> adapter.events("stopped").size() == 2);
      assertThat(adapter.events("stopped").getLast().path("reason").asText())
          .isEqualTo("end of the recording");
      assertThat(instants(adapter, "keyFigures", 1))
          .as("instants in between")
          .hasSizeGreaterThan(3);

      act(adapter, timeline, "play", Map.of("speed", "1", "direction", "backward"));
      Await.until("it stops at its beginning", () -> adapter.events("stopped").size() == 3);
      assertThat(adapter.position()).isZero();
      assertThat(instants(adapter, "keyFigures", -1)).hasSizeGreaterThan(3);
      expectAnswer(adapter);
    }
  }

  private static void expectAnswer(Adapter adapter) throws Exception {
    String sql = "SELECT count(*) AS all_events FROM events";
    JsonNode query =
        adapter.ask(
            "heapatlas/open", Map.of("view", "session.query", "parameters", Map.of("sql", sql)));
    Await.until(
        "the query is answered",
        () -> adapter.frame("session.query").path("data").path("rows").size() == 1);
    JsonNode data = adapter.frame("session.query").path("data");
    assertThat(data.path("query").asText()).isEqualTo(sql);
    assertThat(data.path("rows").path(0).path("cells").path(0).path("number").asLong())
        .isGreaterThan(10_000);
    adapter.ask("heapatlas/close", Map.of("handle", query.path("handle").asText()));
  }

  private static void act(
      Adapter adapter, String handle, String action, Map<String, String> arguments)
      throws Exception {
    adapter.ask(
        "heapatlas/act", Map.of("handle", handle, "action", action, "arguments", arguments));
  }

  /** Those that a view's frames showed while time ran that way. */
  private static List<Long> instants(Adapter adapter, String widget, int way) {
    return adapter.events("heapatlas/frame").stream()
        .map(event -> event.path("frame"))
        .filter(frame -> frame.path("widget").asText().equals(widget))
        .map(frame -> frame.path("time"))
        .filter(time -> Math.signum(time.path("pace").asDouble()) == way)
        .map(time -> time.path("now").asLong())
        .distinct()
        .toList();
  }
}
