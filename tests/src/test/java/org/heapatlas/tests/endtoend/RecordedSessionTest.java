package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A debug session of an IDE that is recorded, and replayed in the next one. The program, python3,
 * waits at a gate, a pipe, so that it lives while its memory is looked at.
 */
class RecordedSessionTest {
  private static final int BYTES = 64;

  @TempDir Path folder;
  private Path gate;

  @BeforeEach
  void makeGate() throws Exception {
    gate = folder.resolve("gate");
    assertThat(Product.execute(List.of("mkfifo", gate.toString()), Map.of()).status()).isZero();
  }

  private Map<String, Object> launch() {
    return Map.of(
        "program",
        "/usr/bin/python3",
        "args",
        List.of(
            "-c",
            "import sys; x = [str(i) * 90 for i in range(5000)]; open(sys.argv[1]).read(); y = x * 2",
            gate.toString()),
        "cwd",
        folder.toString());
  }

  private void openGate() throws Exception {
    assertThat(
            Product.execute(List.of("sh", "-c", ": >\"$0\"", gate.toString()), Map.of()).status())
        .isZero();
  }

  private static Adapter started(Map<String, Object> launch) throws Exception {
    Adapter adapter = Adapter.start();
    adapter.ask("initialize", Map.of("adapterID", "tests", "clientID", "tests"));
    adapter.await("initialized");
    adapter.ask("launch", launch);
    adapter.ask("configurationDone", Map.of());
    adapter.await("process");
    return adapter;
  }

  private static String console(Adapter adapter, String command) throws Exception {
    return adapter.ask("evaluate", Map.of("expression", command)).path("result").asText();
  }

  private static JsonNode memory(Adapter adapter, String address) throws Exception {
    return adapter.ask("readMemory", Map.of("memoryReference", address, "count", BYTES));
  }

  /**
   * Where the heap of brk begins: its first chunk's head is not what an empty page would be. The
   * kernel pads low addresses with zeros, HeapAtlas does not.
   */
  private static String heapOf(long pid) throws Exception {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "maps")).stream()
        .filter(line -> line.endsWith("[heap]"))
        .map(line -> Long.parseUnsignedLong(line, 0, line.indexOf('-'), 16))
        .map("0x%x"::formatted)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatALaunchRecordsIsReplayedWithTheMemoryThatWasCaptured() throws Exception {
    String address;
    String captured;
    Map<String, Object> recorded = new HashMap<>(launch());
    recorded.put("record", "session");
    try (Adapter adapter = started(recorded)) {
      long pid = adapter.await("process").path("systemProcessId").asLong();
      address = heapOf(pid);
      adapter.ask("pause", Map.of("threadId", 1));
      adapter.await("stopped");
      captured = memory(adapter, address).path("data").asText();
      assertThat(console(adapter, "capture " + address + " " + BYTES))
          .isEqualTo("64 bytes from " + address + " are in the recording");
      assertThat(console(adapter, "record")).startsWith("the session is recorded; ");
      adapter.ask("continue", Map.of("threadId", 1));
      openGate();
      adapter.await("terminated");
      assertThat(adapter.output("important")).contains("recorded ").contains("session'");
    }
    try (Adapter adapter = started(Map.of("recording", folder.resolve("session").toString()))) {
      adapter.await("stopped");
      assertThat(captured).isNotEmpty();
      assertThat(memory(adapter, address).path("data").asText()).isEqualTo(captured);
      assertThat(memory(adapter, address).path("unreadableBytes").asInt()).isZero();
      assertThat(adapter.refusal("evaluate", Map.of("expression", "capture " + address)))
          .contains("replayed");
      console(adapter, "seek begin");
      Await.until(
          "the beginning, where nothing was captured yet",
          () -> memory(adapter, address).path("unreadableBytes").asInt() == BYTES);
    }
  }

  @Test
  void aSessionIsRecordedFromItsConsole() throws Exception {
    Path recording = folder.resolve("late");
    try (Adapter adapter = started(launch())) {
      assertThat(adapter.refusal("evaluate", Map.of("expression", "record stop")))
          .contains("'record FOLDER' begins one");
      assertThat(adapter.refusal("evaluate", Map.of("expression", "capture 0x1000")))
          .contains("is not being recorded");
      assertThat(console(adapter, "record " + recording)).contains(recording.toString());
      openGate();
      adapter.await("terminated");
    }
    JsonNode summary = Product.heapatlas("replay", "--json", recording.toString()).json();
    assertThat(summary.path("liveBytes").asLong()).isPositive();
  }

  private static JsonNode capabilities(Path recording) throws Exception {
    return Product.heapatlas("query", recording.toString(), "--json", "FROM capabilities").json();
  }

  /** The name of a mechanism is changed, so that the figures cannot be those of this machine. */
  @Test
  void whatTheMachineCouldDoIsThatOfTheRecordingWhereverItIsReplayed() throws Exception {
    Path recording = folder.resolve("elsewhere");
    TestNode.alone(List.of("record", "-o", recording.toString(), "--", "/bin/true"));
    JsonNode here = Product.heapatlas("doctor", "--json").json().path("capabilities");
    assertThat(capabilities(recording).findValuesAsText("name"))
        .isNotEmpty()
        .containsExactlyElementsOf(
            here.findValuesAsText("name").subList(0, here.size() - 1)); // without java

    Path description = recording.resolve("recording.json");
    String text = Files.readString(description);
    Files.writeString(description, text.replaceFirst("\"name\": \"", "$0other-"));
    assertThat(capabilities(recording).path(0).path("name").asText()).startsWith("other-");
    try (Adapter adapter = started(Map.of("recording", recording.toString()))) {
      adapter.await("stopped");
      assertThat(console(adapter, "doctor"))
          .startsWith("of the machine on which this was recorded, not of this one:\nother-");
    }

    Files.writeString(description, "{\"format\": 1, \"capabilities\": [{\"name\": 7}, ");
    assertThat(capabilities(recording)).isEmpty();
    try (Adapter adapter = started(Map.of("recording", recording.toString()))) {
      adapter.await("stopped");
      assertThat(console(adapter, "doctor"))
          .isEqualTo("the recording does not say what its machine could do");
    }
  }

  /** Nobody asked for it: what lies around a finding is kept while the program still has it. */
  @Test
  void whatLayAtADoubleFreeIsInTheRecording() throws Exception {
    Path program =
        Product.compile(folder, "double_free.c", "-O0", "-Wno-use-after-free", "-x", "c");
    String recording = folder.resolve("found").toString();
    Product.heapatlas("record", "-o", recording, "--", program.toString(), "2");
    JsonNode finding =
        Product.heapatlas("findings", "--json", recording).json().path("findings").path(0);
    String address = finding.path("address").asText();
    try (Adapter adapter = started(Map.of("recording", recording))) {
      adapter.await("stopped");
      assertThat(memory(adapter, address).path("data").asText()).isNotEmpty();
      assertThat(memory(adapter, address).path("unreadableBytes").asInt()).isZero();
      console(adapter, "seek begin");
      Await.until(
          "the beginning, where nothing was found yet",
          () -> memory(adapter, address).path("unreadableBytes").asInt() == BYTES);
    }
  }
}
