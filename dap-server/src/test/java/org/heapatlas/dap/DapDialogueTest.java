package org.heapatlas.dap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;
import org.heapatlas.view.ChannelHost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole conversations with the adapter over a heap that is known. */
class DapDialogueTest {
  private final FakeHeap heap = new FakeHeap();
  private TestClient client;
  private Thread connection;
  private Socket socket;

  /** A node on which nothing can be started. */
  private final class FakeNode implements Node {
    @Override
    public HeapSource source() {
      return heap;
    }

    @Override
    public Command command(Launch launch) {
      throw new UnsupportedOperationException("this node starts nothing");
    }

    @Override
    public void close() {
      heap.close();
    }
  }

  @BeforeEach
  void connect() throws IOException {
    ChannelHost channel = views -> new ChannelHost.Address("ws://127.0.0.1:1/channel", "secret");
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      socket = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
      Socket accepted = listening.accept();
      connection = Thread.ofPlatform().start(() -> serve(accepted, channel));
    }
    client = new TestClient(socket.getInputStream(), socket.getOutputStream());
  }

  private void serve(Socket accepted, ChannelHost channel) {
    try (accepted) {
      new DapConnection(
              accepted.getInputStream(),
              accepted.getOutputStream(),
              () -> new FakeNode(),
              () -> channel)
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void disconnect() throws Exception {
    socket.close();
    connection.join(10_000);
    assertThat(connection.isAlive()).as("the connection ends with its stream").isFalse();
  }

  private void attached() throws IOException {
    client.body("initialize", "{\"adapterID\":\"test\"}");
    client.event("initialized");
    client.body("attach", "{\"pid\":4711}");
    client.event("process");
    client.body("configurationDone", "{}");
  }

  private int firstThread() throws IOException {
    return client
        .body("threads", "{}")
        .getAsJsonArray("threads")
        .get(0)
        .getAsJsonObject()
        .get("id")
        .getAsInt();
  }

  @Test
  void threadsKeepTheirNumbers() throws IOException {
    attached();
    JsonArray threads = client.body("threads", "{}").getAsJsonArray("threads");
    assertThat(threads).hasSize(2);
    assertThat(threads.get(0).getAsJsonObject().get("name").getAsString())
        .isEqualTo("fake[4711] · main (4711)");
    assertThat(client.body("threads", "{}").getAsJsonArray("threads")).isEqualTo(threads);
  }

  @Test
  void aPausedThreadShowsItsStackWithSourceLinesAndTheProcessesFigures() throws IOException {
    attached();
    int thread = firstThread();
    client.body("pause", "{\"threadId\":%d}".formatted(thread));
    assertThat(client.event("stopped").getAsJsonObject("body").get("reason").getAsString())
        .isEqualTo("pause");
    JsonObject stack = client.body("stackTrace", "{\"threadId\":%d}".formatted(thread));
    assertThat(stack.get("totalFrames").getAsInt()).isEqualTo(2);
    JsonObject caller = stack.getAsJsonArray("stackFrames").get(1).getAsJsonObject();
    assertThat(caller.get("name").getAsString()).isEqualTo("function0");
    assertThat(caller.getAsJsonObject("source").get("path").getAsString()).isEqualTo("/src/file.c");
    JsonObject second =
        client.body(
            "stackTrace", "{\"threadId\":%d,\"startFrame\":1,\"levels\":5}".formatted(thread));
    assertThat(second.getAsJsonArray("stackFrames")).hasSize(1);

    client.body("evaluate", "{\"expression\":\"find 0x7f0000001010\"}");
    JsonArray scopes =
        client
            .body("scopes", "{\"frameId\":%d}".formatted(caller.get("id").getAsInt()))
            .getAsJsonArray("scopes");
    assertThat(names(scopes)).containsExactly("Process", "Allocation");
    int process = scopes.get(0).getAsJsonObject().get("variablesReference").getAsInt();
    assertThat(
            names(
                client
                    .body("variables", "{\"variablesReference\":%d}".formatted(process))
                    .getAsJsonArray("variables")))
        .contains("live bytes", "lost");

    client.body("continue", "{\"threadId\":%d}".formatted(thread));
    assertThat(
            client
                .ask("variables", "{\"variablesReference\":%d}".formatted(process))
                .get("success")
                .getAsBoolean())
        .isFalse();
  }

  private static List<String> names(JsonArray array) {
    return array.asList().stream()
        .map(each -> each.getAsJsonObject().get("name").getAsString())
        .toList();
  }

  @Test
  void theConsoleFindsAllocationsAndTheirMemory() throws IOException {
    attached();
    JsonObject found = client.body("evaluate", "{\"expression\":\"find 0x7f0000001010\"}");
    assertThat(found.get("memoryReference").getAsString()).isEqualTo("0x7f0000001000");
    assertThat(found.get("variablesReference").getAsInt()).isPositive();
    JsonObject memory =
        client.body(
            "readMemory", "{\"memoryReference\":\"0x7f0000001000\",\"offset\":16,\"count\":8}");
    assertThat(memory.get("address").getAsString()).isEqualTo("0x7f0000001010");
    assertThat(Base64.getDecoder().decode(memory.get("data").getAsString()))
        .containsExactly(1, 2, 3);
    assertThat(memory.get("unreadableBytes").getAsInt()).isEqualTo(5);
    assertThat(client.body("evaluate", "{\"expression\":\"top 2\"}").get("result").getAsString())
        .contains("function1")
        .doesNotContain("function2");
    assertThat(
            client
                .body("evaluate", "{\"expression\":\"mode sampled\"}")
                .get("result")
                .getAsString())
        .contains("sampled");
    assertThat(heap.calls).contains("mode sampled");
    assertThat(client.ask("evaluate", "{\"expression\":\"dance\"}").get("message").getAsString())
        .contains("'dance'");
  }

  @Test
  void commandsAndTheirChoicesAreCompleted() throws IOException {
    assertThat(labels("{\"text\":\"m\",\"column\":2}")).containsExactly("mode");
    assertThat(labels("{\"text\":\"mode s\",\"column\":7}")).containsExactly("sampled");
    assertThat(labels("{\"text\":\"\",\"column\":1}"))
        .contains("help", "top", "find", "mode", "doctor");
  }

  private List<String> labels(String arguments) throws IOException {
    return client.body("completions", arguments).getAsJsonArray("targets").asList().stream()
        .map(each -> each.getAsJsonObject().get("label").getAsString())
        .toList();
  }

  @Test
  void modulesAndSourcesAreListed() throws IOException {
    attached();
    JsonObject module =
        client.body("modules", "{}").getAsJsonArray("modules").get(0).getAsJsonObject();
    assertThat(module.get("symbolStatus").getAsString()).isEqualTo("symbols and lines");
    assertThat(client.body("loadedSources", "{}").getAsJsonArray("sources")).hasSize(1);
  }

  @Test
  void viewsOpenActAndClose() throws IOException {
    attached();
    assertThat(client.body("heapatlas/views", "{}").getAsJsonArray("views"))
        .hasSizeGreaterThanOrEqualTo(4);
    JsonObject opened = client.body("heapatlas/open", "{\"view\":\"memory.overview\"}");
    String handle = opened.get("handle").getAsString();
    assertThat(opened.getAsJsonObject("channel").get("token").getAsString()).isEqualTo("secret");
    assertThat(opened.getAsJsonObject("frame").get("widget").getAsString()).isEqualTo("keyFigures");
    heap.extraBytes = 5;
    assertThat(client.event("heapatlas/frame").getAsJsonObject("body").get("handle").getAsString())
        .isEqualTo(handle);
    client.body("heapatlas/close", "{\"handle\":\"%s\"}".formatted(handle));
    assertThat(
            client
                .ask("heapatlas/act", "{\"handle\":\"%s\",\"action\":\"x\"}".formatted(handle))
                .get("success")
                .getAsBoolean())
        .isFalse();
  }

  @Test
  void whatIsNoMessageIsRefusedAndTheSessionGoesOn() throws IOException {
    for (String body :
        new String[] {
          "{\"seq\":1,,",
          "[]",
          "42",
          "null",
          "{}",
          "",
          "{\"seq\":{},\"type\":\"request\"}",
          "\"\"",
          "[".repeat(100_000)
        }) {
      client.sendBody(body);
      assertThat(client.refusal().get("message").getAsString()).as(body).isNotBlank();
    }
    assertThat(client.ask("frobnicate", "{}").get("message").getAsString())
        .contains("'frobnicate'");
    assertThat(client.ask("stackTrace", "{\"threadId\":\"x\"}").get("message").getAsString())
        .contains("'stackTrace'");
    assertThat(client.ask("threads", "{}").get("message").getAsString()).contains("launch");
    client.body("initialize", "{\"adapterID\":\"test\"}");
  }

  @Test
  void aMessageTooLongIsRefusedAndTheSessionClosed() throws IOException {
    client.sendRaw("Content-Length: 100000000\r\n\r\n");
    assertThat(client.refusal().get("message").getAsString()).contains("64 MiB");
    client.awaitEnd();
  }

  @Test
  void launchArgumentsOfWrongTypesAreNamed() throws IOException {
    assertThat(client.ask("launch", "{}").get("message").getAsString()).contains("'program'");
    assertThat(client.ask("launch", "{\"program\":5}").get("message").getAsString())
        .contains("'program'");
    assertThat(
            client.ask("launch", "{\"program\":\"x\",\"args\":[1]}").get("message").getAsString())
        .contains("'args'");
    assertThat(
            client
                .ask("launch", "{\"program\":\"x\",\"mode\":\"loud\"}")
                .get("message")
                .getAsString())
        .contains("'loud'");
    assertThat(client.ask("attach", "{\"pid\":1}").get("message").getAsString())
        .contains("no process 1");
  }

  @Test
  void anAttachedProcessGoesOnWhenTheClientDisconnects() throws IOException {
    attached();
    client.body("disconnect", "{}");
    client.awaitEnd();
    assertThat(heap.calls).contains("detach", "close").noneMatch(call -> call.contains("KILL"));
  }

  @Test
  void anAttachedProcessEndsWhenTheClientSaysSo() throws IOException {
    attached();
    client.body("disconnect", "{\"terminateDebuggee\":true}");
    assertThat(heap.calls).contains("signal KILL");
  }

  @Test
  void theEndOfTheProcessEndsTheSession() throws IOException {
    attached();
    heap.appear(WatchedProcess.State.ENDED);
    client.event("terminated");
    assertThat(Optional.of(client.body("threads", "{}").getAsJsonArray("threads").size()))
        .hasValue(0);
  }

  @Test
  void terminateAsksAndTheSessionStaysUntilTheProcessHasEnded() throws IOException {
    attached();
    client.body("terminate", "{}");
    client.event("terminated");
    assertThat(heap.calls).contains("signal TERMINATE").doesNotContain("signal KILL");
  }
}
