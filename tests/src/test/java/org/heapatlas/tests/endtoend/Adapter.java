package org.heapatlas.tests.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code heapatlas dap} as a process, and a client of it on its standard streams that shares
 * nothing with the server's own code. Requests are answered by their number; events are kept in the
 * order in which they came.
 */
public final class Adapter implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LIMIT_SECONDS = 120;
  private static final String LENGTH = "Content-Length: ";

  private final Process process;
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new HashMap<>();
  private final List<JsonNode> events = new ArrayList<>();
  private int sequence;

  private Adapter(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::read);
  }

  public static Adapter start() throws IOException {
    return start(Map.of());
  }

  public static Adapter start(Map<String, String> environment) throws IOException {
    return start(environment, command -> command);
  }

  /** Started by the command that this one is made into. */
  static Adapter start(UnaryOperator<List<String>> within) throws IOException {
    return start(Map.of(), within);
  }

  private static Adapter start(Map<String, String> environment, UnaryOperator<List<String>> within)
      throws IOException {
    List<String> command = List.of(Product.root().resolve("heapatlas").toString(), "dap");
    ProcessBuilder builder =
        new ProcessBuilder(within.apply(command)).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return new Adapter(builder.start());
  }

  /**
   * The body of the answer, empty when it has none; a refusal is an error with the adapter's
   * message.
   */
  public JsonNode ask(String command, Map<String, ?> arguments) throws Exception {
    JsonNode response = answer(command, arguments);
    if (!response.path("success").asBoolean()) {
      throw new IOException(
          "'%s' was refused: %s".formatted(command, response.path("message").asText()));
    }
    return response.path("body");
  }

  /** The sentence with which a request is refused; empty when it is not. */
  public String refusal(String command, Map<String, ?> arguments) throws Exception {
    return answer(command, arguments).path("message").asText();
  }

  private JsonNode answer(String command, Map<String, ?> arguments) throws Exception {
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    ObjectNode request = JSON.createObjectNode().put("type", "request").put("command", command);
    request.set("arguments", JSON.valueToTree(arguments));
    synchronized (this) {
      request.put("seq", ++sequence);
      asked.put(sequence, answer);
      byte[] body = JSON.writeValueAsBytes(request);
      process
          .getOutputStream()
          .write((LENGTH + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().write(body);
      process.getOutputStream().flush();
    }
    return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** The bodies of the events of this name that have come so far. */
  synchronized List<JsonNode> events(String name) {
    return events.stream()
        .filter(event -> event.path("event").asText().equals(name))
        .map(event -> event.path("body"))
        .toList();
  }

  /** The body of the first event of this name; waits for it. */
  JsonNode await(String name) {
    Await.until("the event '%s' comes".formatted(name), () -> !events(name).isEmpty());
    return events(name).getFirst();
  }

  /** All that the program has written to stdout or stderr so far. */
  String output(String category) {
    StringBuilder all = new StringBuilder();
    for (JsonNode body : events("output")) {
      if (body.path("category").asText().equals(category)) {
        all.append(body.path("output").asText());
      }
    }
    return all.toString();
  }

  /** The key figures of the process that the session is about, by their names. */
  Map<String, JsonNode> figures() throws Exception {
    JsonNode opened = ask("heapatlas/open", Map.of("view", "memory.overview"));
    ask("heapatlas/close", Map.of("handle", opened.path("handle").asText()));
    Map<String, JsonNode> figures = new HashMap<>();
    opened
        .path("frame")
        .path("data")
        .path("figures")
        .forEach(figure -> figures.put(figure.path("id").asText(), figure));
    return figures;
  }

  /** The first frame of a view, in the answer or over the channel that it names. */
  JsonNode frame(String view) throws Exception {
    JsonNode opened = ask("heapatlas/open", Map.of("view", view));
    JsonNode frame = opened.path("frame");
    if (!opened.has("frame")) {
      try (FrameChannel channel = new FrameChannel(opened.path("channel"))) {
        frame = channel.full(opened.path("handle").asText());
      }
    }
    ask("heapatlas/close", Map.of("handle", opened.path("handle").asText()));
    return frame;
  }

  /** The number of the event before which the recorded program stands, as the console says it. */
  long position() throws Exception {
    String said =
        ask("evaluate", Map.of("expression", "position", "context", "repl"))
            .path("result")
            .asText();
    Matcher number = Pattern.compile("event ([\\d,]+)").matcher(said);
    if (!number.find()) {
      throw new IOException("the console says no position: " + said);
    }
    return Long.parseLong(number.group(1).replace(",", ""));
  }

  /** Goes to a time of the recording, in nanoseconds since the process's start. */
  void seek(long nanos) throws Exception {
    int stops = events("stopped").size();
    long second = TimeUnit.SECONDS.toNanos(1);
    String time = "%d.%09ds".formatted(nanos / second, nanos % second);
    ask("evaluate", Map.of("expression", "seek " + time, "context", "repl"));
    Await.until("the program stands at " + time, () -> events("stopped").size() > stops);
  }

  /** With SIGKILL, and nothing that it started with it. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private void read() {
    try (InputStream in = new BufferedInputStream(process.getInputStream())) {
      for (String head = line(in); !head.isEmpty(); head = line(in)) {
        line(in);
        take(JSON.readTree(in.readNBytes(Integer.parseInt(head.substring(LENGTH.length())))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      refuseAll();
    }
  }

  private synchronized void take(JsonNode message) {
    if (message.path("type").asText().equals("event")) {
      events.add(message);
    } else {
      asked.remove(message.path("request_seq").asInt()).complete(message);
    }
  }

  private synchronized void refuseAll() {
    asked
        .values()
        .forEach(
            answer ->
                answer.completeExceptionally(
                    new IOException("the adapter ended without an answer")));
  }

  /** Without its end; empty behind the last message. */
  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toString(StandardCharsets.US_ASCII).strip();
  }

  /** The adapter's own exit status, once its client has left. */
  int leave() throws Exception {
    ask("disconnect", Map.of());
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("the adapter does not end after 'disconnect'");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
