package org.heapatlas.tests.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client of {@code heapatlas dap --port} that may say anything. Reading waits a while, and fails
 * where nothing comes.
 */
final class DapSocket implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_MILLIS = 60_000;
  private static final String LENGTH = "Content-Length: ";

  private final Socket socket;
  private final DataInputStream in;

  DapSocket(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  static String request(String command, String arguments) {
    String body =
        "{\"seq\":1,\"type\":\"request\",\"command\":\"%s\",\"arguments\":%s}"
            .formatted(command, arguments);
    return LENGTH + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
  }

  void say(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
  }

  /** The answer to a request; whatever else comes before it is passed over. */
  JsonNode ask(String command, String arguments) throws IOException {
    say(request(command, arguments));
    JsonNode message = response();
    while (!message.path("command").asText().equals(command)) {
      message = response();
    }
    return message;
  }

  JsonNode response() throws IOException {
    JsonNode message = next();
    while (!message.path("type").asText().equals("response")) {
      message = next();
    }
    return message;
  }

  /** Whether the server has closed the connection, and said nothing more. */
  boolean isClosed() throws IOException {
    return in.read() < 0;
  }

  private JsonNode next() throws IOException {
    StringBuilder header = new StringBuilder();
    while (!header.toString().endsWith("\r\n\r\n")) {
      header.append((char) in.readUnsignedByte());
    }
    return JSON.readTree(
        in.readNBytes(Integer.parseInt(header.substring(LENGTH.length()).strip())));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
