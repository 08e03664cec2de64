package org.heapatlas.tests.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A front end's connection to the channel, over which the frames come that are too large for the
 * debug adapter.
 */
final class FrameChannel implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LIMIT_SECONDS = 60;

  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;

  /** {@code channel}: what the answer to heapatlas/open says of it. */
  FrameChannel(JsonNode channel) {
    socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(channel.path("url").asText()), new Listener())
            .join();
    socket
        .sendText(
            JSON.createObjectNode().put("token", channel.path("token").asText()).toString(), true)
        .join();
  }

  /** The next whole frame of this open view. */
  JsonNode full(String handle) throws IOException, InterruptedException {
    while (true) {
      String message = messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (message == null) {
        throw new IOException("no frame of %s came over the channel".formatted(handle));
      }
      JsonNode body = JSON.readTree(message).path("body");
      if (body.path("handle").asText().equals(handle) && body.path("full").asBoolean()) {
        return body.path("frame");
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        messages.add(part.toString());
        part.setLength(0);
      }
      return WebSocket.Listener.super.onText(from, data, last);
    }
  }
}
