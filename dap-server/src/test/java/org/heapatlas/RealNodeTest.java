package org.heapatlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.heapatlas.collector.NativeFiles;
import org.heapatlas.dap.TestClient;
import org.heapatlas.view.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process, over stdio, with the real launcher, runtime and collector. */
class RealNodeTest {
  private static final String SOURCE =
      """
      #include <cstdio>
      #include <cstdlib>
      #include <cstring>
      #include <unistd.h>
      void* owner() { return malloc(4321); }
      int main(int count, char**) {
        char* block = static_cast<char*>(owner());
        strcpy(block, "HeapAtlas was here");
        printf("block=%p\\n", static_cast<void*>(block));
        fflush(stdout);
        for (int i = 0; count > 1 && i < 1200; i++) usleep(50000);
        return 3;
      }
      """;

  @TempDir static Path folder;
  private static Path program;
  private Process server;

  @BeforeAll
  static void compile() throws Exception {
    assumeTrue(
        NativeFiles.ofProperties().present(),
        "the native side is not built, so nothing real is tested here");
    Path source = Files.writeString(folder.resolve("block.cc"), SOURCE);
    program = folder.resolve("block");
    List<String> command = List.of("g++", "-g", "-O0", "-o", program.toString(), source.toString());
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private Process heapatlas(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-Dheapatlas.native=" + NativeFiles.ofProperties().folder(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.heapatlas.Main"));
    command.addAll(List.of(arguments));
    server = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return server;
  }

  @AfterEach
  void end() {
    if (server != null) {
      server.destroyForcibly();
    }
  }

  private TestClient dap() throws IOException {
    Process adapter = heapatlas("dap");
    TestClient client = new TestClient(adapter.getInputStream(), adapter.getOutputStream());
    client.body("initialize", "{\"adapterID\":\"test\"}");
    client.event("initialized");
    return client;
  }

  private static String launch(String more) {
    return "{\"program\":\"%s\"%s}".formatted(program, more);
  }

  private static String output(TestClient client) throws IOException {
    return client.event("output").getAsJsonObject("body").get("output").getAsString();
  }

  @Test
  void aProgramThatEndsAtOnceIsStillShownByViewsThatOpenLater() throws Exception {
    TestClient client = dap();
    client.body("launch", launch(",\"leastSessionMillis\":3000"));
    client.body("configurationDone", "{}");
    client.event("exited");
    long exited = System.nanoTime();
    JsonObject frame =
        client.body("heapatlas/open", "{\"view\":\"memory.overview\"}").getAsJsonObject("frame");
    assertThat(frame.getAsJsonObject("time").get("live").getAsBoolean()).isFalse();
    assertThat(frame.getAsJsonObject("data").getAsJsonArray("figures")).isNotEmpty();
    client.event("terminated");
    assertThat(System.nanoTime() - exited).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void whoEndsASessionWhoseProgramHasEndedDoesNotWaitForItsLeastTime() throws Exception {
    TestClient client = dap();
    client.body("launch", launch(",\"leastSessionMillis\":600000"));
    client.body("configurationDone", "{}");
    client.event("exited");
    client.body("terminate", "{}");
    client.event("terminated");
  }

  @Test
  void aProgramRunsToItsEndWithItsOutputAndStatus() throws Exception {
    TestClient client = dap();
    client.body("launch", launch(""));
    client.body("configurationDone", "{}");
    assertThat(output(client)).startsWith("block=0x");
    assertThat(client.event("exited").getAsJsonObject("body").get("exitCode").getAsInt())
        .isEqualTo(3);
    client.event("terminated");
    client.body("disconnect", "{}");
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isZero();
  }

  @Test
  void aLiveBlockIsFoundReadAndItsOwnerNamed() throws Exception {
    TestClient client = dap();
    client.body("launch", launch(",\"args\":[\"wait\"]"));
    Matcher address = Pattern.compile("block=(0x[0-9a-f]+)").matcher(output(client));
    assertThat(address.find()).isTrue();

    JsonObject found = found(client, address.group(1));
    assertThat(found.get("result").getAsString()).contains("4,321 bytes");
    JsonObject memory =
        client.body(
            "readMemory", "{\"memoryReference\":\"%s\",\"count\":18}".formatted(address.group(1)));
    byte[] bytes = Base64.getDecoder().decode(memory.get("data").getAsString());
    assertThat(new String(bytes, StandardCharsets.US_ASCII)).isEqualTo("HeapAtlas was here");
    String written = Base64.getEncoder().encodeToString("heap".getBytes(StandardCharsets.US_ASCII));
    client.body(
        "writeMemory",
        "{\"memoryReference\":\"%s\",\"data\":\"%s\"}".formatted(address.group(1), written));
    memory =
        client.body(
            "readMemory", "{\"memoryReference\":\"%s\",\"count\":9}".formatted(address.group(1)));
    bytes = Base64.getDecoder().decode(memory.get("data").getAsString());
    assertThat(new String(bytes, StandardCharsets.US_ASCII)).isEqualTo("heapAtlas");
    assertThat(client.body("evaluate", "{\"expression\":\"top\"}").get("result").getAsString())
        .contains("owner");

    int thread =
        client
            .body("threads", "{}")
            .getAsJsonArray("threads")
            .get(0)
            .getAsJsonObject()
            .get("id")
            .getAsInt();
    client.body("pause", "{\"threadId\":%d}".formatted(thread));
    assertThat(client.body("stackTrace", "{\"threadId\":%d}".formatted(thread)).toString())
        .contains("\"main\"")
        .contains("block.cc");
    client.body("continue", "{\"threadId\":%d}".formatted(thread));
    client.body("terminate", "{}");
    assertThat(client.event("exited").getAsJsonObject("body").get("exitCode").getAsInt())
        .isEqualTo(128 + 15);
    client.event("terminated");
  }

  /**
   * The block is in the map as soon as the collector has drained the ring, which it does many times
   * a second.
   */
  private static JsonObject found(TestClient client, String address) throws Exception {
    JsonObject answer = new JsonObject();
    for (int i = 0; i < 100; i++) {
      answer = client.body("evaluate", "{\"expression\":\"find %s\"}".formatted(address));
      if (answer.has("memoryReference")) {
        return answer;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return answer;
  }

  @Test
  void aLaunchedProgramEndsWithItsClient() throws Exception {
    TestClient client = dap();
    client.body("launch", launch(",\"args\":[\"wait\"]"));
    long pid = client.event("process").getAsJsonObject("body").get("systemProcessId").getAsLong();
    assertThat(ProcessHandle.of(pid)).isPresent();
    server.getOutputStream().close();
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void aVariableThatIsNullIsTakenFromTheEnvironment() throws Exception {
    TestClient client = dap();
    client.body(
        "launch",
        """
        {"program": "/bin/sh", "args": ["-c", "echo ${HOME-none} $A"], "env": {"HOME": null, "A": "b"}}
        """);
    assertThat(output(client)).isEqualTo("none b\n");
    client.event("terminated");
  }

  @Test
  void whatCannotBeStartedIsSaidInTheAnswerToLaunch() throws Exception {
    TestClient client = dap();
    assertThat(
            client.ask("launch", "{\"program\":\"/no/such/program\"}").get("message").getAsString())
        .contains("/no/such/program");
    client.body("launch", launch(""));
    client.event("terminated");
  }

  @Test
  void theCommandLinePrintsTheSummaryAsItsLastLine() throws Exception {
    Process run = heapatlas("run", "--json", "--", program.toString());
    List<String> lines =
        new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertThat(run.waitFor()).isEqualTo(3);
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).startsWith("block=");
    JsonNode summary = Json.read(lines.getLast());
    assertThat(summary.path("exitStatus").asInt()).isEqualTo(3);
    assertThat(summary.path("lost").asInt(-1)).isZero();
    assertThat(summary.path("liveBytes").asLong()).isGreaterThanOrEqualTo(4321);
    assertThat(summary.path("sites").toString()).contains("owner").contains("block.cc");
    assertThat(summary.path("coverage").path("mode").asText()).isEqualTo("full");
    assertThat(summary.has("recording")).isTrue();
    assertThat(summary.path("findings").isArray()).isTrue();
  }
}
