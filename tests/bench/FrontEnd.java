import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A front end as an IDE has it: the debug adapter on standard streams, and the channel that its answers name. Both
 * take the same view requests. Every message carries the moment at which its last byte came.
 */
final class FrontEnd implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LIMIT_SECONDS = 30;
  private static final String LENGTH = "Content-Length: ";
  private static final String FRAME = "heapatlas/frame";

  /** What came, when, and how many characters it had. */
  record Arrived(long nanos, int length, JsonNode body) {}

  /** One of the two ways in which a view can be asked for. */
  interface Way {
    Arrived ask(String request, Map<String, ?> arguments) throws Exception;
  }

  private final Process adapter;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<Arrived>> asked = new ConcurrentHashMap<>();
  private final Map<String, BlockingQueue<Arrived>> frames = new ConcurrentHashMap<>();
  private final AtomicInteger sequence = new AtomicInteger();
  private WebSocket socket;

  FrontEnd(ProcessBuilder server) throws IOException {
    adapter = server.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread.ofPlatform().daemon().name("adapter").start(this::readAdapter);
  }

  /** {@code channel}: what the answer to heapatlas/open says of it. */
  void connect(JsonNode channel) throws Exception {
    socket = http.newWebSocketBuilder().buildAsync(URI.create(channel.path("url").asText()), new Listener()).join();
    socket.sendText(JSON.createObjectNode().put("token", channel.path("token").asText()).toString(), true).join();
  }

  Arrived throughDap(String request, Map<String, ?> arguments) throws Exception {
    ObjectNode message = JSON.createObjectNode().put("type", "request").put("command", request);
    message.set("arguments", JSON.valueToTree(arguments));
    Arrived answer = ask(message, "seq", this::writeToAdapter);
    if (!answer.body().path("success").asBoolean()) {
      throw new IOException("'%s' was refused: %s".formatted(request, answer.body().path("message").asText()));
    }
    return new Arrived(answer.nanos(), answer.length(), answer.body().path("body"));
  }

  Arrived throughChannel(String request, Map<String, ?> arguments) throws Exception {
    ObjectNode message = JSON.createObjectNode().put("request", request);
    message.set("arguments", JSON.valueToTree(arguments));
    Arrived answer = ask(message, "id", text -> socket.sendText(text, true).join());
    if (answer.body().has("error")) {
      throw new IOException("'%s' was refused: %s".formatted(request, answer.body().path("error").asText()));
    }
    return new Arrived(answer.nanos(), answer.length(), answer.body().path("body"));
  }

  private interface Sender {
    void send(String text) throws IOException;
  }

  private Arrived ask(ObjectNode message, String numberedBy, Sender sender) throws Exception {
    int number = sequence.incrementAndGet();
    CompletableFuture<Arrived> answer = new CompletableFuture<>();
    asked.put(number, answer);
    sender.send(message.put(numberedBy, number).toString());
    return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private synchronized void writeToAdapter(String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    OutputStream out = adapter.getOutputStream();
    out.write((LENGTH + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }

  /** The next frame of an open view that fits, whichever way it comes; those before it are dropped. */
  Arrived frame(String handle, Predicate<JsonNode> fits) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      Arrived event = framesOf(handle).poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new IOException("no frame of %s came that was asked for".formatted(handle));
      }
      JsonNode frame = event.body().path("frame");
      if (frame.hasNonNull("error")) {
        throw new IOException("a view failed: " + frame.path("error").asText());
      }
      if (fits.test(frame)) {
        return new Arrived(event.nanos(), event.length(), frame);
      }
    }
  }

  BlockingQueue<Arrived> framesOf(String handle) {
    return frames.computeIfAbsent(handle, ignored -> new LinkedBlockingQueue<>());
  }

  void forget(String handle) {
    frames.remove(handle);
  }

  private void arrived(long nanos, String text) {
    try {
      JsonNode message = JSON.readTree(text);
      if (message.path("event").asText().equals(FRAME)) {
        framesOf(message.path("body").path("handle").asText()).add(new Arrived(nanos, text.length(), message.path("body")));
        return;
      }
      CompletableFuture<Arrived> answer = asked.remove(message.path("request_seq").asInt(message.path("id").asInt()));
      if (answer != null) {
        answer.complete(new Arrived(nanos, text.length(), message));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the server sent what is not JSON", e);
    }
  }

  private void readAdapter() {
    try (InputStream in = new BufferedInputStream(adapter.getInputStream(), 1 << 16)) {
      for (String line = line(in); line != null; line = line(in)) {
        if (line.startsWith(LENGTH)) {
          line(in);
          byte[] body = in.readNBytes(Integer.parseInt(line.substring(LENGTH.length()).strip()));
          arrived(System.nanoTime(), new String(body, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the adapter's answers cannot be read", e);
    }
  }

  /** Null at the end of the stream. */
  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return null;
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.US_ASCII).strip();
  }

  @Override
  public void close() throws Exception {
    if (socket != null) {
      socket.abort();
    }
    http.shutdownNow();
    adapter.getOutputStream().close();
    if (!adapter.waitFor(10, TimeUnit.SECONDS)) {
      adapter.destroyForcibly().waitFor();
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        arrived(System.nanoTime(), part.toString());
        part.setLength(0);
      }
      return WebSocket.Listener.super.onText(from, data, last);
    }
  }
}
