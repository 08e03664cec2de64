package org.heapatlas.eclipse.tests.view;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One WebSocket at a time, on a loopback port: what came over it, and what is to be sent. Messages
 * are short.
 */
public final class TinyServer implements AutoCloseable {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int PATIENCE_SECONDS = 20;
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;

  private final ServerSocket listener;
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private volatile Socket client;
  private volatile IOException end;

  public TinyServer() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().start(this::serve);
  }

  public URI url() {
    return URI.create("ws://127.0.0.1:" + listener.getLocalPort() + "/");
  }

  /** The next message, once it comes. */
  public String next() throws InterruptedException {
    var message = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (message == null) throw new AssertionError("The channel sent nothing.", end);
    return message;
  }

  public void send(String text) throws IOException {
    write(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Ends the connection with a code, as a server does. */
  public void refuse(int code) throws IOException {
    write(CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }

  /** Ends the connection without a word, as a crash does. */
  public void drop() throws IOException {
    client.close();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (var socket = listener.accept()) {
        client = socket;
        shakeHands(socket);
        readMessages(new DataInputStream(socket.getInputStream()));
      } catch (IOException ended) {
        // The channel comes again, or the test is over.
        end = ended;
      }
    }
  }

  private static void shakeHands(Socket socket) throws IOException {
    var lines =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    var key = "";
    for (var line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
      if (line.toLowerCase().startsWith("sec-websocket-key:")) key = line.substring(18).strip();
    }
    var answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept(key)
            + "\r\n\r\n";
    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
  }

  private static String accept(String key) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void readMessages(DataInputStream in) throws IOException {
    while (true) {
      int kind = in.readUnsignedByte();
      int length = in.readUnsignedByte() & 0x7f;
      if (length == 126) length = in.readUnsignedShort();
      var mask = in.readNBytes(4);
      var bytes = in.readNBytes(length);
      for (int i = 0; i < bytes.length; i++) bytes[i] ^= mask[i % 4];
      if (kind == TEXT) received.add(new String(bytes, StandardCharsets.UTF_8));
      if (kind == CLOSE) return;
    }
  }

  private void write(int kind, byte[] bytes) throws IOException {
    OutputStream out = client.getOutputStream();
    var frame = new byte[bytes.length + (bytes.length < 126 ? 2 : 4)];
    frame[0] = (byte) kind;
    if (bytes.length < 126) frame[1] = (byte) bytes.length;
    else {
      frame[1] = 126;
      frame[2] = (byte) (bytes.length >> 8);
      frame[3] = (byte) bytes.length;
    }
    System.arraycopy(bytes, 0, frame, frame.length - bytes.length, bytes.length);
    out.write(frame);
    out.flush();
  }

  @Override
  public void close() {
    try {
      listener.close();
      if (client != null) client.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
