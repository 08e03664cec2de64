package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.ProcessState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that run already are watched from the command line and from a debug adapter's client,
 * and left as they were.
 */
class AttachTest {
  private static final String HEAPATLAS = Product.root().resolve("heapatlas").toString();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_SECONDS = 120;

  @TempDir Path folder;
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = TestNode.start();
  }

  @AfterEach
  void end() throws IOException {
    node.close();
  }

  private Map<String, String> here() {
    return Map.of("HEAPATLAS_DIR", node.folder().toString());
  }

  @Test
  void redisUnderLoadIsAttachedTwiceAndAnswersAllTheWhile() throws Exception {
    Redis server = Redis.onFreePort();
    Process redis = server.start(node, Map.of());
    server.load(node, PATIENCE_SECONDS);
    for (int time = 1; time <= 2; time++) {
      Path out = folder.resolve("out" + time);
      Path err = folder.resolve("err" + time);
      Process attach = attach(redis.pid(), out, err);
      Await.until(
          "the page's address is said",
          () -> Files.readString(err).contains("live page at") || !attach.isAlive());
      try (Collector client = node.connect()) {
        ProcessInfo seen =
            client.await(
                process ->
                    process.getPid() == redis.pid() && process.getState() == ProcessState.RUNNING);
        Await.until(
            "allocations are seen",
            () -> client.summary(seen.getProcess(), false).getCoverage().getEvents() > 10_000);
      }
      TestNode.signal(attach.toHandle(), "INT");
      assertThat(attach.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("Ctrl-C ends attach")
          .isTrue();

      assertThat(attach.exitValue()).as(Files.readString(err)).isZero();
      assertThat(Files.readString(err))
          .contains("debug adapter on 127.0.0.1:", "allocated before attaching");
      JsonNode summary = JSON.readTree(Files.readString(out));
      assertThat(summary.path("liveAllocations").asLong()).isPositive();
      assertThat(summary.path("lost").asLong()).isZero();
      assertThat(summary.path("coverage").path("beforeAttachBytes").asLong()).isPositive();
      assertThat(server.answers()).isTrue();
    }
  }

  @Test
  void aDebugAdaptersClientAttachesByPidAndLeavesTheProcessRunning() throws Exception {
    Redis server = Redis.onFreePort();
    Process redis = server.start(node, Map.of());
    Process adapter = node.start(List.of(HEAPATLAS, "dap"), here());
    DataInputStream in = new DataInputStream(adapter.getInputStream());
    ask(adapter, in, "initialize", "{\"adapterID\":\"test\"}");
    ask(adapter, in, "attach", "{\"pid\":%d}".formatted(redis.pid()));
    ask(adapter, in, "configurationDone", "{}");
    assertThat(ask(adapter, in, "threads", "{}").path("body").path("threads")).isNotEmpty();
    assertThat(server.answers()).isTrue();
    ask(adapter, in, "disconnect", "{}");
    assertThat(adapter.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

    assertThat(server.answers()).isTrue();
    try (Collector client = node.connect()) {
      client.await(
          process -> process.getPid() == redis.pid() && process.getState() == ProcessState.ENDED);
    }
  }

  /** With the runtime preloaded by hand, without the name of a session. */
  @Test
  void aProcessThatWasStartedByHandIsJoined() throws Exception {
    Process redis = Redis.onFreePort().start(node, node.environment(""));
    try (Adapter adapter = Adapter.start(here())) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      adapter.ask("attach", Map.of("pid", redis.pid()));
      adapter.ask("configurationDone", Map.of());
      assertThat(adapter.figures().get("liveBytes").path("value").asLong()).isPositive();
      assertThat(adapter.leave()).isZero();
    }
    assertThat(redis.isAlive()).isTrue();
  }

  @Test
  void aProcessThatIsNotThereIsOneSentence() throws Exception {
    assertRefused(Integer.toString(Integer.MAX_VALUE), "There is no process 2147483647");
  }

  @Test
  void aStaticProgramIsOneSentence() throws Exception {
    Path source =
        Files.writeString(
            folder.resolve("still.c"), "#include <unistd.h>\nint main(void) { return pause(); }\n");
    Path program = folder.resolve("still");
    Product.Result compiled =
        Product.execute(
            List.of("gcc", "-static", "-o", program.toString(), source.toString()), Map.of());
    assertThat(compiled.status()).as(compiled.err()).isZero();
    Process still = node.start(List.of(program.toString()), Map.of());

    assertRefused(Long.toString(still.pid()), "statically linked");
    assertThat(still.isAlive()).isTrue();
  }

  private void assertRefused(String pid, String words) throws Exception {
    Product.Result result = Product.execute(List.of(HEAPATLAS, "attach", pid), here());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err().strip().lines()).as(result.err()).hasSize(1);
    assertThat(result.err()).contains(words);
  }

  /** With Ctrl-C as a terminal gives it, also where the tests run with it ignored. */
  private Process attach(long pid, Path out, Path err) throws IOException {
    List<String> command =
        List.of("env", "--default-signal=INT", HEAPATLAS, "attach", "--json", Long.toString(pid));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    return node.start(builder, here());
  }

  /** The answer to a request, which must have succeeded; events before it are passed over. */
  private static JsonNode ask(Process adapter, DataInputStream in, String command, String arguments)
      throws IOException {
    String body =
        "{\"seq\":1,\"type\":\"request\",\"command\":\"%s\",\"arguments\":%s}"
            .formatted(command, arguments);
    adapter
        .getOutputStream()
        .write(
            "Content-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body)
                .getBytes(StandardCharsets.UTF_8));
    adapter.getOutputStream().flush();
    while (true) {
      JsonNode message = next(in);
      if (message.path("type").asText().equals("response")
          && message.path("command").asText().equals(command)) {
        assertThat(message.path("success").asBoolean()).as(message.toString()).isTrue();
        return message;
      }
    }
  }

  private static JsonNode next(DataInputStream in) throws IOException {
    StringBuilder header = new StringBuilder();
    while (!header.toString().endsWith("\r\n\r\n")) {
      header.append((char) in.readUnsignedByte());
    }
    int length =
        Integer.parseInt(header.toString().strip().replaceFirst("(?i)content-length: *", ""));
    return JSON.readTree(in.readNBytes(length));
  }
}
