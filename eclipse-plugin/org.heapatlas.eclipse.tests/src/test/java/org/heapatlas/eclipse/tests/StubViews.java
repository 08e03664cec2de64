package org.heapatlas.eclipse.tests;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import org.heapatlas.eclipse.tests.view.TinyServer;

/** A server of one view over a channel: it answers what is asked, with the same figures always. */
final class StubViews implements AutoCloseable {
  static final String VIEW = "stub.figures";
  static final String VIEWS =
      "{views: [{id: '%s', title: 'Figures', widget: 'keyFigures'}]}".formatted(VIEW);
  private static final String FRAME =
      "{widget: 'keyFigures', title: 'Figures', data: {figures: [{id: 'live', title: 'Live',"
          + " value: 42, unit: 'bytes'}]}}";

  private final TinyServer server;
  private final java.lang.Thread answering;

  StubViews() throws IOException {
    server = new TinyServer();
    answering = java.lang.Thread.ofPlatform().daemon().start(this::answer);
  }

  TinyServer server() {
    return server;
  }

  private void answer() {
    try {
      while (!java.lang.Thread.currentThread().isInterrupted()) {
        JsonObject asked = JsonParser.parseString(server.next()).getAsJsonObject();
        if (asked.has("id")) send(asked);
      }
    } catch (InterruptedException over) {
      java.lang.Thread.currentThread().interrupt();
    }
  }

  private void send(JsonObject asked) {
    JsonObject answer = new JsonObject();
    answer.add("id", asked.get("id"));
    answer.add("body", JsonParser.parseString(body(asked.get("request").getAsString())));
    try {
      server.send(answer.toString());
    } catch (IOException gone) {
      // Whoever asked has left, or the test has dropped it.
      return;
    }
  }

  private static String body(String request) {
    return switch (request) {
      case "heapatlas/views" -> VIEWS;
      case "heapatlas/open" -> "{handle: 'one', frame: %s}".formatted(FRAME);
      default -> "{}";
    };
  }

  @Override
  public void close() {
    answering.interrupt();
    server.close();
  }
}
