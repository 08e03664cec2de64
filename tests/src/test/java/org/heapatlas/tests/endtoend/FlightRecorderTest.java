package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flight recorder that is cut by a signal goes on beside it, and both parts can be asked. */
class FlightRecorderTest {
  private static final String PROGRAM =
      """
      import os, sys
      early = bytearray(4321000)
      print('ready', flush=True)
      sys.stdin.readline()
      late = bytearray(7654321)
      os._exit(0)
      """;

  @TempDir Path folder;

  @Test
  void whatHappensBehindACutLiesInTheFolderBesideIt() throws Exception {
    Path first = folder.resolve("flight");
    Path second = folder.resolve("flight-2");
    try (TestNode node = TestNode.empty()) {
      Process run =
          node.start(
              List.of(
                  Product.root().resolve("heapatlas").toString(),
                  "record",
                  "--last",
                  "30s",
                  "-o",
                  first.toString(),
                  "--",
                  "/usr/bin/python3",
                  "-c",
                  PROGRAM),
              Map.of("HEAPATLAS_DIR", node.folder().toString()));
      try (BufferedReader out = run.inputReader(StandardCharsets.UTF_8);
          OutputStream in = run.getOutputStream()) {
        assertThat(out.readLine()).isEqualTo("ready");
        TestNode.signal(run.toHandle(), "USR1");
        Await.until("it goes on beside it", () -> isRecordedInto(second));
        in.write('\n');
        in.flush();
        assertThat(run.waitFor()).isZero();
      }
    }
    assertThat(sizes(first, "events")).contains(4_321_001L).doesNotContain(7_654_322L);
    assertThat(sizes(second, "events")).contains(7_654_322L).doesNotContain(4_321_001L);
    assertThat(sizes(second, "live_at(" + Long.MAX_VALUE + ")")).contains(4_321_001L, 7_654_322L);
  }

  /** The names of code are written at once where a process is recorded, and at rest too. */
  private static boolean isRecordedInto(Path recording) throws IOException {
    if (!Files.isDirectory(recording)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(recording)) {
      return files.anyMatch(file -> file.endsWith("symbols.frames") && file.toFile().length() > 0);
    }
  }

  private static List<Long> sizes(Path recording, String table) throws Exception {
    return Product.heapatlas(
            "query",
            recording.toString(),
            "SELECT size FROM " + table + " WHERE size > 4000000",
            "--json")
        .json()
        .findValues("size")
        .stream()
        .map(JsonNode::asLong)
        .toList();
  }
}
