package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.heapatlas.proto.Allocation;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.ProcessState;
import org.heapatlas.proto.Summary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Debug sessions on redis-server under load, of which the server or the collector is killed;
 * redis-server never notices.
 */
class SessionFaultsTest {
  /** redis-server makes one block for a bitmap of so many bytes, and only one. */
  private static final int MARK_BYTES = 3_000_001;

  private static final long MANY = 20_000;
  private static final int LOAD_SECONDS = 30;

  private TestNode node;
  private Redis redis;

  @BeforeEach
  void begin() throws Exception {
    node = TestNode.empty();
    redis = Redis.onFreePort();
  }

  @AfterEach
  void end() throws IOException {
    node.close();
  }

  @Test
  void aServerThatIsKilledAndStartedAgainFindsItsCollectorAndTheWholeMap() throws Exception {
    long pid;
    ProcessInfo seen;
    Allocation mark;
    int collector;
    try (Adapter killed = session()) {
      List<String> words = redis.command();
      killed.ask(
          "launch", Map.of("program", words.getFirst(), "args", words.subList(1, words.size())));
      killed.ask("configurationDone", Map.of());
      pid = killed.await("process").path("systemProcessId").asLong();
      Await.until("redis answers", redis::answers);
      assertThat(redis.ask("setbit", "mark", Integer.toString(8 * MARK_BYTES - 1), "1"))
          .isEqualTo("0");
      redis.load(node, LOAD_SECONDS);
      seen = node.await(process -> process.getPid() == pid, MANY);
      mark = mark(seen.getProcess());
      collector = node.collectorPid();
      killed.kill();
    }
    assertThat(redis.answers()).as("redis-server without its server").isTrue();

    try (Adapter again = session();
        Collector client = node.connect()) {
      again.ask("attach", Map.of("pid", pid));
      again.ask("configurationDone", Map.of());
      assertThat(again.await("process").path("systemProcessId").asLong()).isEqualTo(pid);
      assertThat(node.collectorPid()).as("the collector that still ran").isEqualTo(collector);

      long before = client.summary(seen.getProcess(), false).getAllocations();
      Await.until(
          "redis-server is watched on",
          () -> client.summary(seen.getProcess(), false).getAllocations() > before + MANY);
      assertThat(found(again, mark)).contains("3,000,0");
      Map<String, JsonNode> figures = again.figures();
      assertThat(figures.get("lost").path("value").asLong()).isZero();
      assertThat(figures.get("liveBytes").path("value").asLong()).isGreaterThan(MARK_BYTES);
      Summary summary = client.summary(seen.getProcess(), false);
      assertThat(summary.getCoverage().getExact()).as("exact").isTrue();
      assertThat(summary.getCoverage().getUnknownFrees()).isZero();
      assertThat(again.leave()).isZero();
    }
    assertThat(redis.answers()).as("redis-server after its session").isTrue();
  }

  @ParameterizedTest(name = "started under the runtime: {0}")
  @ValueSource(booleans = {true, false})
  void aSessionOutlivesItsCollectorSaysSoOnceAndGoesOnWithTheNext(boolean underTheRuntime)
      throws Exception {
    node.startCollector();
    Map<String, String> watched = new HashMap<>(underTheRuntime ? node.environment("") : Map.of());
    watched.put("HEAPATLAS_SESSION", "tests");
    Process program = redis.start(node, watched);
    try (Adapter adapter = session()) {
      adapter.ask("attach", Map.of("pid", program.pid()));
      adapter.ask("configurationDone", Map.of());
      redis.load(node, LOAD_SECONDS);
      ProcessInfo first = node.await(process -> process.getPid() == program.pid(), MANY);
      int killed = node.collectorPid();
      node.collectorProcess().destroyForcibly().waitFor();

      Await.until(
          "the session has a process of the next collector",
          () -> adapter.events("process").size() == 2);
      ProcessInfo second = node.await(process -> process.getPid() == program.pid(), MANY);
      assertThat(node.collectorPid()).isNotEqualTo(killed);
      assertThat(second.getProcess())
          .as("a number that no process had")
          .isGreaterThan(first.getProcess());
      assertThat(adapter.output("important"))
          .containsOnlyOnce("the collector of this machine has ended")
          .contains("started again");
      assertThat(adapter.ask("evaluate", Map.of("expression", "top")).path("result").asText())
          .contains("B in");
      assertThat(adapter.ask("threads", Map.of()).path("threads"))
          .as("threads of redis-server, each once")
          .extracting(thread -> thread.path("name").asText())
          .doesNotHaveDuplicates()
          .allMatch(name -> name.contains("[" + program.pid() + "]"));
      assertThat(adapter.figures().get("liveBytes").path("value").asLong()).isPositive();
      assertThat(adapter.events("terminated")).isEmpty();
      assertThat(redis.answers()).isTrue();
      assertThat(adapter.leave()).isZero();
    }
    assertThat(redis.answers()).as("redis-server after its session").isTrue();
    try (Collector client = node.connect()) {
      ProcessState left = client.await(process -> process.getPid() == program.pid()).getState();
      assertThat(left).isEqualTo(underTheRuntime ? ProcessState.RUNNING : ProcessState.ENDED);
    }
  }

  private Adapter session() throws Exception {
    Adapter adapter = Adapter.start(Map.of("HEAPATLAS_DIR", node.folder().toString()));
    adapter.ask("initialize", Map.of("adapterID", "tests", "clientID", "tests"));
    adapter.await("initialized");
    return adapter;
  }

  private Allocation mark(long process) throws Exception {
    try (Collector client = node.connect()) {
      List<Allocation> marks =
          client.allocations(process).stream()
              .filter(block -> block.getSize() / 1000 == MARK_BYTES / 1000)
              .toList();
      assertThat(marks).as("the block of the mark").hasSize(1);
      return marks.getFirst();
    }
  }

  private static String found(Adapter adapter, Allocation block) throws Exception {
    String expression = "find 0x" + Long.toHexString(block.getAddress());
    return adapter.ask("evaluate", Map.of("expression", expression)).path("result").asText();
  }
}
