package org.heapatlas.dap;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A client of the debug adapter protocol that speaks on two streams: asks, and waits for answers
 * and events.
 */
public final class TestClient {
  private static final long PATIENCE_SECONDS = 30;

  private final OutputStream out;
  private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
  private final List<JsonObject> kept = new ArrayList<>();
  private int sequence;

  public TestClient(InputStream in, OutputStream out) {
    this.out = out;
    Thread.ofVirtual().start(() -> read(in));
  }

  private void read(InputStream in) {
    MessageReader reader = new MessageReader(in);
    try {
      for (String body = reader.next(); body != null; body = reader.next()) {
        received.add(JsonParser.parseString(body).getAsJsonObject());
      }
    } catch (IOException closed) {
      received.add(JsonParser.parseString("{\"type\":\"end\"}").getAsJsonObject());
    }
    received.add(JsonParser.parseString("{\"type\":\"end\"}").getAsJsonObject());
  }

  public void sendRaw(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  public void sendBody(String body) throws IOException {
    sendRaw(
        "Content-Length: %d\r\n\r\n%s"
            .formatted(body.getBytes(StandardCharsets.UTF_8).length, body));
  }

  public int send(String command, String arguments) throws IOException {
    sequence++;
    sendBody(
        "{\"seq\":%d,\"type\":\"request\",\"command\":\"%s\",\"arguments\":%s}"
            .formatted(sequence, command, arguments));
    return sequence;
  }

  /** The whole response to this request. */
  public JsonObject ask(String command, String arguments) throws IOException {
    int request = send(command, arguments);
    return await(m -> is(m, "response") && m.get("request_seq").getAsInt() == request);
  }

  public JsonObject body(String command, String arguments) throws IOException {
    JsonObject response = ask(command, arguments);
    if (!response.get("success").getAsBoolean()) {
      throw new IOException(command + ": " + response.get("message").getAsString());
    }
    return response.has("body") ? response.getAsJsonObject("body") : new JsonObject();
  }

  public JsonObject event(String name) throws IOException {
    return await(m -> is(m, "event") && m.get("event").getAsString().equals(name));
  }

  public JsonObject refusal() throws IOException {
    return await(m -> is(m, "response") && !m.get("success").getAsBoolean());
  }

  /** Nothing of this type has come that nobody asked for. */
  public void nothingKept(String type) throws IOException {
    for (JsonObject message : kept) {
      if (is(message, type)) {
        throw new IOException("this came too: " + message);
      }
    }
  }

  public void awaitEnd() throws IOException {
    await(m -> is(m, "end"));
  }

  private static boolean is(JsonObject message, String type) {
    return message.get("type").getAsString().equals(type);
  }

  private JsonObject await(Predicate<JsonObject> wanted) throws IOException {
    for (JsonObject message : List.copyOf(kept)) {
      if (wanted.test(message)) {
        kept.remove(message);
        return message;
      }
    }
    try {
      while (true) {
        JsonObject message = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (message == null) {
          throw new IOException(
              "nothing came within %d s; seen: %s".formatted(PATIENCE_SECONDS, kept));
        }
        if (wanted.test(message)) {
          return message;
        }
        if (is(message, "end")) {
          throw new IOException("the adapter ended; seen: " + kept);
        }
        kept.add(message);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
