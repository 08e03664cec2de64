package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that labels its memory by the probe header, through the adapter: its own figures
 * against the views'.
 */
class LabelsTest {
  @TempDir static Path folder;

  @Test
  void theViewsShowWhatTheProgramSaysOfItsMemory() throws Exception {
    Path program =
        Product.compile(
            folder, "kvstore.cc", "-std=c++20", "-I" + Product.root().resolve("native-bridge"));
    // The program prints what it holds, then waits for its input: a pipe that stays open.
    List<String> words = List.of("-c", "sleep 1000 | \"$0\" 3000", program.toString());
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      adapter.await("initialized");
      adapter.ask("launch", Map.of("program", "/bin/sh", "args", words));
      adapter.ask("configurationDone", Map.of());
      Await.until(
          "the program has said what it holds", () -> adapter.output("stdout").contains("slab"));
      Map<String, Long> held = new HashMap<>();
      adapter
          .output("stdout")
          .lines()
          .map(line -> line.split(" "))
          .forEach(line -> held.put(line[0], Long.parseLong(line[1])));
      Await.until(
          "the process is known by its name", () -> process(adapter, "kvstore").isPresent());
      String process = process(adapter, "kvstore").orElseThrow();

      Await.until(
          "the collector has read all that the program did",
          () -> valueBytes(adapter, process) == held.get("value"));

      JsonNode types = open(adapter, "memory.tags", process, "objectType");
      JsonNode values = row(types.path("frame"), "value");
      assertThat(number(types.path("frame"), values, "liveBytes")).isEqualTo(held.get("value"));
      assertThat(number(types.path("frame"), values, "peakBytes")).isGreaterThan(held.get("value"));
      JsonNode tenants = open(adapter, "memory.tags", process, "tenant");
      assertThat(number(tenants.path("frame"), row(tenants.path("frame"), "north"), "liveBytes"))
          .as("values, and what holds them")
          .isGreaterThan(held.get("north"));
      JsonNode pools = open(adapter, "memory.pools", process, "");
      JsonNode slab = row(pools.path("frame"), "slab");
      assertThat(number(pools.path("frame"), slab, "liveBytes")).isEqualTo(held.get("slab"));
      assertThat(number(pools.path("frame"), slab, "heldBytes")).isGreaterThan(held.get("slab"));

      adapter.ask(
          "heapatlas/act",
          Map.of(
              "handle",
              types.path("handle").asText(),
              "action",
              "drill",
              "target",
              values.path("id").asText()));
      JsonNode sites = drilled(adapter, types.path("handle").asText());
      long bytes = 0;
      for (JsonNode site : sites.path("data").path("rows")) {
        assertThat(site.path("cells").get(0).path("text").asText()).contains("Tenant::put ← ");
        bytes += number(sites, site, "liveBytes");
      }
      assertThat(bytes).isEqualTo(held.get("value"));
      adapter.ask("disconnect", Map.of("terminateDebuggee", true));
    }
  }

  private static Optional<String> process(Adapter adapter, String name) throws Exception {
    for (JsonNode parameter :
        adapter.ask("heapatlas/views", Map.of()).path("views").get(0).path("parameters")) {
      for (int i = 0; i < parameter.path("values").size(); i++) {
        if (parameter.path("titles").get(i).asText().startsWith(name)) {
          return Optional.of(parameter.path("values").get(i).asText());
        }
      }
    }
    return Optional.empty();
  }

  private static long valueBytes(Adapter adapter, String process) throws Exception {
    JsonNode types = open(adapter, "memory.tags", process, "objectType");
    adapter.ask("heapatlas/close", Map.of("handle", types.path("handle").asText()));
    return number(types.path("frame"), row(types.path("frame"), "value"), "liveBytes");
  }

  private static JsonNode open(Adapter adapter, String view, String process, String kind)
      throws Exception {
    JsonNode opened =
        adapter.ask(
            "heapatlas/open",
            Map.of("view", view, "parameters", Map.of("process", process, "kind", kind)));
    assertThat(opened.path("frame").path("data").isMissingNode())
        .as("%s: %s", view, opened)
        .isFalse();
    return opened;
  }

  /** The first frame of a view that stands behind one of its rows. */
  private static JsonNode drilled(Adapter adapter, String handle) {
    Await.until("the call sites of the row come", () -> behindARow(adapter, handle).isPresent());
    return behindARow(adapter, handle).orElseThrow();
  }

  private static Optional<JsonNode> behindARow(Adapter adapter, String handle) {
    return adapter.events("heapatlas/frame").stream()
        .filter(event -> event.path("handle").asText().equals(handle))
        .map(event -> event.path("frame"))
        .filter(frame -> frame.path("breadcrumbs").size() == 2)
        .findFirst();
  }

  private static JsonNode row(JsonNode frame, String name) {
    for (JsonNode row : frame.path("data").path("rows")) {
      if (row.path("cells").get(0).path("text").asText().equals(name)) {
        return row;
      }
    }
    throw new AssertionError("no row is called " + name + " in " + frame);
  }

  private static long number(JsonNode frame, JsonNode row, String column) {
    JsonNode columns = frame.path("data").path("columns");
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).path("id").asText().equals(column)) {
        return row.path("cells").get(i).path("number").asLong();
      }
    }
    throw new AssertionError("no column is called " + column);
  }
}
