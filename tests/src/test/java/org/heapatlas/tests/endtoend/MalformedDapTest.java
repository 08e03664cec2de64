package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is no message is refused in a sentence, and another session of the same server goes on as if
 * nothing had been said.
 */
class MalformedDapTest {
  private static final int HUNDRED_MEGABYTES = 100_000_000;
  private static final String THREADS = DapSocket.request("threads", "{}");
  private static final int BODY = THREADS.length() - THREADS.indexOf('{');

  private static TestNode node;
  private static Process server;
  private static int port;
  private static DapSocket other;

  @BeforeAll
  static void begin() throws Exception {
    node = TestNode.empty();
    List<String> command =
        List.of(Product.root().resolve("heapatlas").toString(), "dap", "--port", "0");
    server =
        node.start(new ProcessBuilder(command), Map.of("HEAPATLAS_DIR", node.folder().toString()));
    BufferedReader said = server.errorReader();
    String line = said.readLine();
    while (!line.contains("listens on")) {
      line = said.readLine();
    }
    port = Integer.parseInt(line.replaceAll(".*:(\\d+)\\.?$", "$1"));
    other = new DapSocket(port);
    assertThat(other.ask("initialize", "{\"adapterID\":\"tests\"}").path("success").asBoolean())
        .isTrue();
    assertThat(
            other
                .ask("launch", "{\"program\":\"sleep\",\"args\":[\"1000\"]}")
                .path("success")
                .asBoolean())
        .isTrue();
  }

  @AfterAll
  static void end() throws IOException {
    other.close();
    node.close();
  }

  @AfterEach
  void theOtherSessionIsUnharmed() throws IOException {
    assertThat(server.isAlive()).isTrue();
    JsonNode threads = other.ask("threads", "{}").path("body").path("threads");
    assertThat(threads)
        .extracting(thread -> thread.path("name").asText())
        .singleElement()
        .asString()
        .startsWith("sleep[");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        said("bad JSON", "Content-Length: 10\r\n\r\n{\"seq\":1,,", "not JSON"),
        said("JSON that is no message", "Content-Length: 2\r\n\r\n[]", "no request"),
        said("nested without end", "Content-Length: 100000\r\n\r\n" + "[".repeat(100_000), "JSON"),
        said("a length that is too small", withLength(9), "Content-Length"),
        said(
            "a length that is too large",
            withLength(BODY + THREADS.length()) + THREADS,
            "Content-Length"),
        said("a length that is no number", withLength("many"), "Content-Length"),
        said("a length below zero", withLength(-1), "Content-Length"),
        said("no length", "Content-Type: x\r\n\r\n{}", "no Content-Length"),
        said("a length of 100 MB", "Content-Length: " + HUNDRED_MEGABYTES + "\r\n\r\n", "64 MiB"),
        said("a header of 100 MB", "X: " + "x".repeat(HUNDRED_MEGABYTES) + "\r\n", "8 KiB"),
        said("an unknown request", DapSocket.request("frobnicate", "{}"), "frobnicate"),
        said("a request before 'initialize'", THREADS, "'initialize' first"),
        said(
            "arguments of another type",
            DapSocket.request("stackTrace", "{\"threadId\":[]}"),
            "stackTrace"));
  }

  private static String withLength(Object length) {
    return "Content-Length: " + length + "\r\n\r\n" + THREADS.substring(THREADS.indexOf('{'));
  }

  private static Arguments said(String what, String bytes, String words) {
    return Arguments.of(what, bytes, words);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void itIsRefusedInASentenceAndTheSessionCanBeUsed(String what, String bytes, String words)
      throws IOException {
    try (DapSocket client = new DapSocket(port)) {
      client.say(bytes + DapSocket.request("initialize", "{\"adapterID\":\"tests\"}"));
      JsonNode refusal = client.response();
      assertThat(refusal.path("success").asBoolean(true)).isFalse();
      assertThat(refusal.path("message").asText())
          .contains(words)
          .doesNotContain("Exception")
          .hasLineCount(1);
      JsonNode next = client.response();
      assertThat(next.path("command").asText()).as(next.toString()).isEqualTo("initialize");
      assertThat(next.path("success").asBoolean()).isTrue();
    }
  }

  @Test
  void aBrowserHearsThatThisIsNoWebServerAndNothingElse() throws IOException {
    try (DapSocket client = new DapSocket(port)) {
      client.say(
          "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n"
              + DapSocket.request("initialize", "{\"adapterID\":\"tests\"}"));
      assertThat(client.response().path("message").asText()).contains("HTTP");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void aClientThatGoesInTheMiddleOfAMessageIsForgotten() throws IOException {
    try (DapSocket client = new DapSocket(port)) {
      client.say("Content-Length: 1000\r\n\r\n{\"seq\":1");
    }
  }
}
