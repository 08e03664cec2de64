package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A recording that is damaged, cut or made up: one sentence says what is wrong, on the command line
 * and in a debug session, and what is whole is shown.
 */
class BadRecordingTest {
  /** Chunks are cut each second. */
  private static final String SEVERAL_CHUNKS =
      """
      import time
      kept = []
      for i in range(4):
          kept.append([bytes(1000 + j) for j in range(500)])
          time.sleep(1.1)
      """;

  private static final int FRAME_HEADER = 24;
  private static final int TYPE_NAMES = 3;
  private static final int TRUTH_STATUS = 7;

  @TempDir static Path folder;
  private static Path whole;
  private static JsonNode summary;

  @TempDir Path here;

  @BeforeAll
  static void record() throws Exception {
    whole = folder.resolve("whole");
    Product.Result recorded =
        TestNode.alone(
            List.of(
                "record", "-o", whole.toString(), "--", "/usr/bin/python3", "-c", SEVERAL_CHUNKS));
    assertThat(recorded.status()).as(recorded.err()).isZero();
    summary = Product.heapatlas("replay", "--json", whole.toString()).json();
  }

  private Path copy() throws Exception {
    Path copy = here.resolve("recording");
    Product.execute(List.of("cp", "-r", whole.toString(), copy.toString()), Map.of());
    return copy;
  }

  private static Path file(Path recording, String name) throws IOException {
    try (Stream<Path> files = Files.walk(recording)) {
      return files.filter(each -> each.endsWith(name)).findFirst().orElseThrow();
    }
  }

  private static void rewriteDescription(Path recording, String from, String to)
      throws IOException {
    Path description = recording.resolve("recording.json");
    String text = Files.readString(description);
    assertThat(text).contains(from);
    Files.writeString(description, text.replace(from, to));
  }

  private static void refused(Path recording, String... words) throws Exception {
    for (List<String> command :
        List.of(
            List.of("replay", "--json", recording.toString()),
            List.of("export", "--to", "csv", recording.toString()))) {
      Product.Result result = Product.heapatlas(command.toArray(String[]::new));
      assertThat(result.status()).as(result.err()).isIn(1, 2);
      assertThat(result.err().strip().lines())
          .singleElement()
          .asString()
          .contains(words)
          .doesNotContain("Exception");
    }
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      assertThat(adapter.refusal("launch", Map.of("recording", recording.toString())))
          .contains(words)
          .doesNotContain("Exception", "\n");
      assertThat(adapter.leave()).isZero();
    }
  }

  /** Opens, says a sentence with these words, and answers as many events as its summary has. */
  private static long opens(Path recording, String... words) throws Exception {
    Product.Result result = Product.heapatlas("replay", "--json", recording.toString());
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err().lines()).anySatisfy(line -> assertThat(line).contains(words));
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      adapter.await("initialized");
      adapter.ask("launch", Map.of("recording", recording.toString()));
      adapter.ask("configurationDone", Map.of());
      adapter.await("stopped");
      JsonNode opened = adapter.ask("heapatlas/open", Map.of("view", "memory.overview"));
      assertThat(opened.path("frame").toString()).contains(words);
      assertThat(adapter.ask("evaluate", Map.of("expression", "sql SELECT count(*) FROM sites")))
          .as("the rest can be used")
          .isNotEmpty();
    }
    return result.json().path("events").asLong();
  }

  private static long all() {
    return summary.path("events").asLong();
  }

  @Test
  void aFolderThatHoldsNoRecordingOrIsAFile() throws Exception {
    refused(Files.createDirectory(here.resolve("empty")), "empty", "is not a recording");
    Path file = Files.writeString(here.resolve("file"), "text");
    for (List<String> command :
        List.of(
            List.of("replay", "--json", file.toString()),
            List.of("query", file.toString(), "FROM events"))) {
      Product.Result result = Product.heapatlas(command.toArray(String[]::new));
      assertThat(result.status()).as(result.err()).isIn(1, 2);
      assertThat(result.err().strip().lines()).singleElement().asString().contains(file.toString());
    }
  }

  @Test
  void aNewerFormat() throws Exception {
    Path recording = copy();
    rewriteDescription(recording, "\"format\": ", "\"format\": 9");
    refused(recording, "format 9", "replay it with the version that made it");
  }

  @Test
  void anotherArchitecture() throws Exception {
    Path recording = copy();
    rewriteDescription(recording, "\"machine\": \"", "\"machine\": \"not-");
    assertThat(opens(recording, "another architecture (not-")).isEqualTo(all());
  }

  @Test
  void aDamagedChunkIsLeftOutAndTheOthersAreShown() throws Exception {
    Path recording = copy();
    try (RandomAccessFile events =
        new RandomAccessFile(file(recording, "events-0.frames").toFile(), "rw")) {
      events.seek(events.length() / 2);
      byte[] zeros = new byte[8];
      events.write(zeros);
    }
    opens(recording, "events-0.frames", "damaged");
    Product.Result left =
        Product.heapatlas(
            "query", recording.toString(), "--json", "SELECT count(*) AS events FROM events");
    assertThat(left.json().path(0).path("events").asLong()).isBetween(1L, all() - 1);
  }

  @Test
  void aMissingFileOfChunks() throws Exception {
    Path recording = copy();
    Files.delete(file(recording, "events-0.frames"));
    assertThat(opens(recording, "the last ones, are missing")).isZero();
  }

  @Test
  void aLinkThatLeadsOut() throws Exception {
    Path recording = copy();
    Path events = file(recording, "events-0.frames");
    Path elsewhere = Files.move(events, here.resolve("elsewhere"));
    Files.createSymbolicLink(events, elsewhere);
    assertThat(opens(recording, "cannot read")).isZero();

    Path process = events.getParent();
    Path outside = here.resolve("outside");
    Files.move(process, outside);
    Files.createSymbolicLink(process, outside);
    refused(recording, "there is no process in the recording");
  }

  @Test
  void aPartThatWouldUnpackToATerabyte() throws Exception {
    Path recording = copy();
    // A zstd frame of one segment, whose header says 2^40 bytes.
    ByteBuffer bomb = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    bomb.putInt(0xFD2FB528).put((byte) 0xE0).putLong(1L << 40);
    Files.write(
        file(recording, "definitions.frames"), frame(bomb.array()), StandardOpenOption.APPEND);
    assertThat(opens(recording, "a part says no size that it could have")).isEqualTo(all());
  }

  /** As native-bridge/collector/recording/README.md lays it out. */
  private static byte[] frame(byte[] payload) {
    ByteBuffer frame =
        ByteBuffer.allocate(FRAME_HEADER + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    frame.put("HAFR".getBytes(StandardCharsets.US_ASCII));
    frame.putShort((short) TYPE_NAMES).putShort((short) 0).putLong(payload.length);
    frame.putInt(sum(payload));
    frame.putInt(sum(Arrays.copyOf(frame.array(), frame.position())));
    return frame.put(payload).array();
  }

  private static int sum(byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    return (int) sum.getValue();
  }

  @Test
  void aFolderThatMayNotBeRead() throws Exception {
    assumeTrue(isRoot(), "skipped: only root can become another user");
    Path recording = copy();
    Product.Result result =
        Product.execute(
            List.of(
                "runuser",
                "-u",
                "nobody",
                "--",
                Path.of(System.getProperty("heapatlas.native"))
                    .resolve("heapatlas-collector")
                    .toString(),
                "--replay",
                recording.toString(),
                "--dir",
                "/dev/shm/heapatlas-tests-nobody"),
            Map.of());
    assertThat(result.status()).isNotZero();
    assertThat(result.err().strip().lines())
        .singleElement()
        .asString()
        .contains(recording.toString(), "Permission denied");
  }

  private static boolean isRoot() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }

  @Test
  void aDiskThatIsFullEndsTheRecordingAndNothingElse() throws Exception {
    assumeTrue(isRoot(), "skipped: only root can mount a small disk");
    Path disk = Files.createDirectory(here.resolve("disk"));
    Product.Result mounted =
        Product.execute(
            List.of("mount", "-t", "tmpfs", "-o", "size=4m", "none", disk.toString()), Map.of());
    assumeTrue(mounted.status() == 0, "skipped: no disk can be mounted here: " + mounted.err());
    try {
      Path recording = disk.resolve("recording");
      Path list = here.resolve("list");
      Path program = Product.compile(here, "truth.cc");
      Product.Result recorded =
          TestNode.alone(
              List.of(
                  "record",
                  "-o",
                  recording.toString(),
                  "--",
                  program.toString(),
                  "2",
                  "1000000",
                  list.toString()));
      assertThat(recorded.status()).as("the program's own").isEqualTo(TRUTH_STATUS);
      assertThat(recorded.text()).contains("done");
      assertThat(Files.size(list)).isPositive();
      assertThat(recorded.err())
          .contains(
              "the recording ends early",
              "No space left on device",
              "what was recorded until then is whole");
      assertThat(opens(recording, "was cut short; it holds what was written until then"))
          .isPositive();
    } finally {
      // Lazily: the collector may hold a file of it for a moment still.
      Product.execute(List.of("umount", "--lazy", disk.toString()), Map.of());
    }
  }
}
