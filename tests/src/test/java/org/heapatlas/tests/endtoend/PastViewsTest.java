package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The views of what has happened, of a real program's recording through the debug adapter: they say
 * what SQL says of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PastViewsTest {
  private static final String PROGRAM =
      """
      import threading, time
      def work():
        kept = [bytes(i) for i in range(600, 4000)]
        time.sleep(0.6)
      threads = [threading.Thread(target=work) for _ in range(3)]
      for t in threads: t.start()
      for t in threads: t.join()
      """;

  private Path recording;

  @BeforeAll
  void record(@TempDir Path folder) throws Exception {
    recording = folder.resolve("recording");
    Product.Result recorded =
        Product.heapatlas(
            "record", "-o", recording.toString(), "--", "/usr/bin/python3", "-c", PROGRAM);
    assertThat(recorded.status()).as(recorded.err()).isZero();
  }

  private Adapter replaying() throws Exception {
    Adapter adapter = Adapter.start();
    adapter.ask("initialize", Map.of("adapterID", "test"));
    adapter.ask("launch", Map.of("recording", recording.toString()));
    adapter.ask("configurationDone", Map.of());
    adapter.await("stopped");
    return adapter;
  }

  private JsonNode sql(String query) throws Exception {
    Product.Result result =
        Product.heapatlas("query", recording.toString(), query, "--format", "json");
    assertThat(result.status()).as(result.err()).isZero();
    return result.json();
  }

  /** The first frame of a view behind which nothing is being read any more. */
  private static JsonNode read(Adapter adapter, JsonNode opened) {
    String handle = opened.path("handle").asText();
    if (opened.has("frame") && !opened.path("frame").has("progress")) {
      return opened.path("frame");
    }
    Await.until("the view is read", () -> newest(adapter, handle) != null);
    return newest(adapter, handle);
  }

  private static JsonNode newest(Adapter adapter, String handle) {
    List<JsonNode> frames =
        adapter.events("heapatlas/frame").stream()
            .filter(body -> body.path("handle").asText().equals(handle))
            .map(body -> body.path("frame"))
            .filter(frame -> !frame.has("progress"))
            .toList();
    return frames.isEmpty() ? null : frames.getLast();
  }

  private static double number(JsonNode row, int column) {
    return row.path("cells").path(column).path("number").asDouble();
  }

  @Test
  void theTimeBarHasTheWholeTimeAndMovesTheSessionOfTheDebugger() throws Exception {
    try (Adapter adapter = replaying()) {
      JsonNode opened = adapter.ask("heapatlas/open", Map.of("view", "memory.timeline"));
      JsonNode data = opened.path("frame").path("data");
      adapter.ask(
          "heapatlas/act",
          Map.of("handle", opened.path("handle").asText(), "action", "seek", "target", "begin"));
      Await.until("it stops", () -> adapter.events("stopped").size() == 2);
      assertThat(adapter.events("stopped").get(1).path("reason").asText()).isEqualTo("goto");
      JsonNode again = adapter.ask("heapatlas/open", Map.of("view", "memory.timeline"));
      assertThat(again.path("frame").path("time").path("now").asDouble())
          .isLessThan(opened.path("frame").path("time").path("now").asDouble());
      assertThat(again.path("frame").path("data").path("x")).isEqualTo(data.path("x"));
      assertThat(again.path("frame").path("data").path("lanes")).isEqualTo(data.path("lanes"));
      double most = 0;
      for (JsonNode value : data.path("lanes").path(2).path("values")) {
        most = Math.max(most, value.asDouble());
      }
      assertThat(most).as("the main thread, and three that it started").isEqualTo(4);
    }
  }

  @Test
  void lifetimesAndGrowthSayWhatSqlSays() throws Exception {
    JsonNode all =
        sql("SELECT count(*), sum(size), count(*) FILTER (end_time IS NULL) FROM allocations");
    double liveBytes =
        sql("SELECT coalesce(sum(size), 0) FROM allocations WHERE end_time IS NULL")
            .path(0)
            .elements()
            .next()
            .asDouble();
    try (Adapter adapter = replaying()) {
      JsonNode lifetimes =
          read(adapter, adapter.ask("heapatlas/open", Map.of("view", "memory.lifetimes")));
      JsonNode first = lifetimes.path("data").path("rows").path(0);
      List<Double> shown = List.of(number(first, 4), number(first, 5), number(first, 6));
      List<Double> counted = new ArrayList<>();
      all.path(0).elements().forEachRemaining(value -> counted.add(value.asDouble()));
      assertThat(shown).isEqualTo(counted);
      JsonNode growth =
          read(adapter, adapter.ask("heapatlas/open", Map.of("view", "memory.growth")));
      double after = 0;
      for (JsonNode row : growth.path("data").path("rows")) {
        after += number(row, 6);
      }
      assertThat(growth.path("data").path("total").asInt()).isLessThanOrEqualTo(100);
      assertThat(after).isEqualTo(liveBytes);
    }
  }

  @Test
  void theHistoryOfAnAddressHasEachOfItsBlocksAndLeadsToThem() throws Exception {
    JsonNode busiest =
        sql("SELECT format('0x{:x}', address) AS address, count(*) AS blocks FROM allocations GROUP BY 1 ORDER BY 2 DESC LIMIT 1")
            .path(0);
    String address = busiest.path("address").asText();
    try (Adapter adapter = replaying()) {
      JsonNode opened = adapter.ask("heapatlas/open", Map.of("view", "memory.history"));
      String handle = opened.path("handle").asText();
      // Two rows fit an answer of the protocol; more would come over the channel.
      adapter.ask(
          "heapatlas/act",
          Map.of("handle", handle, "action", "window", "arguments", Map.of("rows", 2)));
      adapter.ask(
          "heapatlas/act",
          Map.of("handle", handle, "action", "filter", "arguments", Map.of("text", address)));
      Await.until(
          "it is read",
          () ->
              newest(adapter, handle) != null
                  && newest(adapter, handle).path("title").asText().contains(address));
      JsonNode data = newest(adapter, handle).path("data");
      assertThat(data.path("total").asLong())
          .isGreaterThanOrEqualTo(Math.min(300, busiest.path("blocks").asLong()));
      String newest = data.path("rows").path(0).path("id").asText();
      adapter.ask("heapatlas/act", Map.of("handle", handle, "action", "begin", "target", newest));
      Await.until("it stops", () -> adapter.events("stopped").size() == 2);
      String position =
          adapter
              .ask("evaluate", Map.of("expression", "position", "context", "repl"))
              .path("result")
              .asText();
      assertThat(position.replace(",", "")).startsWith("event " + newest + " ");
    }
  }
}
