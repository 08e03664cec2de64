package org.heapatlas.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Session;
import org.heapatlas.view.ChannelHost;
import org.heapatlas.view.ViewSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayTest {
  private static final String UPGRADE =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  @TempDir Path web;
  private final FakeHeap heap = new FakeHeap();
  private Gateway gateway;
  private String token;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(web.resolve("index.html"), "<!doctype html>page");
    Files.writeString(web.resolve("secret.txt"), "secret");
    heap.appear(WatchedProcess.State.RUNNING);
    Session session = new Session("test", heap);
    gateway = Gateway.start(web);
    token = gateway.page(() -> session).replaceFirst(".*#token=", "");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  /**
   * The whole answer to a request written by hand, for an HTTP client does not let one lie about
   * the host.
   */
  private String raw(String path, String headers) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\n%s\r\n"
                  .formatted(path, headers)
                  .getBytes(StandardCharsets.US_ASCII));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder head = new StringBuilder();
      for (String line = reader.readLine();
          line != null && !line.isEmpty();
          line = reader.readLine()) {
        head.append(line).append('\n');
      }
      return head.toString();
    }
  }

  private String host() {
    return "Host: 127.0.0.1:%d\r\n".formatted(gateway.port());
  }

  @Test
  void thePageIsServedWithAStrictPolicyAndNeverStored() throws IOException {
    assertThat(raw("/", host()))
        .startsWith("HTTP/1.1 200")
        .containsIgnoringCase("content-security-policy: default-src 'none'; script-src 'self'")
        .containsIgnoringCase("cache-control: no-store");
  }

  @Test
  void anotherHostIsRefusedAsADnsRebindingPageWouldSendIt() throws IOException {
    assertThat(raw("/", "Host: evil.example:%d\r\n".formatted(gateway.port())))
        .startsWith("HTTP/1.1 403");
    assertThat(raw("/", "Host: 127.0.0.1\r\n")).startsWith("HTTP/1.1 403");
    assertThat(raw("/channel", "Host: evil.example\r\n" + UPGRADE)).startsWith("HTTP/1.1 403");
  }

  @Test
  void anotherOriginIsRefused() throws IOException {
    assertThat(raw("/channel", host() + UPGRADE + "Origin: http://evil.example\r\n"))
        .startsWith("HTTP/1.1 403");
    assertThat(raw("/channel", host() + UPGRADE + "Origin: null\r\n")).startsWith("HTTP/1.1 403");
    assertThat(raw("/", host() + "Origin: http://127.0.0.1:1\r\n")).startsWith("HTTP/1.1 403");
    assertThat(
            raw(
                "/channel",
                host() + UPGRADE + "Origin: http://localhost:%d\r\n".formatted(gateway.port())))
        .startsWith("HTTP/1.1 101");
  }

  @Test
  void onlyThePagesOwnFilesAreServed() throws IOException {
    for (String path :
        new String[] {
          "/secret.txt", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/page.js"
        }) {
      assertThat(raw(path, host())).as(path).startsWith("HTTP/1.1 4");
    }
  }

  /** A connection to the channel: what came, and how it was closed. */
  private static final class Listener implements WebSocket.Listener {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        messages.add(part.toString());
        part.setLength(0);
      }
      return WebSocket.Listener.super.onText(socket, data, last);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed.add(status);
      return null;
    }

    String next() throws InterruptedException {
      return messages.poll(10, TimeUnit.SECONDS);
    }
  }

  private WebSocket connect(Listener listener) {
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .buildAsync(URI.create("ws://127.0.0.1:%d/channel".formatted(gateway.port())), listener)
        .join();
  }

  @Test
  void aWrongTokenOrARequestBeforeItClosesTheChannelUnanswered() throws InterruptedException {
    for (String first :
        new String[] {
          "{\"token\":\"0123\"}", "{\"id\":1,\"request\":\"heapatlas/views\"}", "nonsense"
        }) {
      Listener listener = new Listener();
      connect(listener).sendText(first, true).join();
      assertThat(listener.closed.poll(10, TimeUnit.SECONDS)).as(first).isEqualTo(1008);
      assertThat(listener.messages).isEmpty();
    }
  }

  @Test
  void withTheTokenViewsOpenAndFramesComeWhenSomethingChanges() throws InterruptedException {
    Listener listener = new Listener();
    WebSocket socket = connect(listener);
    socket.sendText("{\"token\":\"%s\"}".formatted(token), true).join();
    socket.sendText("{\"id\":1,\"request\":\"heapatlas/views\"}", true).join();
    assertThat(listener.next()).startsWith("{\"id\":1,\"body\":{\"views\":[");
    socket
        .sendText(
            "{\"id\":2,\"request\":\"heapatlas/open\",\"arguments\":{\"view\":\"memory.overview\"}}",
            true)
        .join();
    assertThat(listener.next()).startsWith("{\"id\":2,\"body\":{\"handle\":\"view-1\",\"frame\":{");
    heap.extraBytes = 1;
    assertThat(listener.next())
        .startsWith("{\"event\":\"heapatlas/frame\",\"body\":{\"handle\":\"view-1\"");
    socket.sendText("{\"id\":3,\"request\":\"heapatlas/open\",\"arguments\":{}}", true).join();
    assertThat(listener.next()).startsWith("{\"id\":3,\"error\":\"");
    socket.abort();
  }

  @Test
  void theTokenMayComeAsTheSubProtocol() throws InterruptedException {
    Listener listener = new Listener();
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .subprotocols(token)
            .buildAsync(URI.create("ws://127.0.0.1:%d/channel".formatted(gateway.port())), listener)
            .join();
    socket.sendText("{\"id\":1,\"request\":\"heapatlas/views\"}", true).join();
    assertThat(listener.next()).startsWith("{\"id\":1,\"body\"");
    socket.abort();
  }

  @Test
  void largeFramesOfADebugClientComeOverItsChannel() throws InterruptedException {
    Session session = new Session("test", heap);
    try (ViewSession views = new ViewSession(() -> session, event -> {}, 1000)) {
      ChannelHost.Address address = gateway.host(views);
      assertThat(gateway.host(views)).isEqualTo(address);
      views.open(
          "memory.map",
          new org.heapatlas.view.ViewDefinition.Options(
              java.util.Map.of(), org.heapatlas.view.ViewDefinition.Viewport.DEFAULT));
      Listener listener = new Listener();
      WebSocket socket = connect(listener);
      socket.sendText("{\"token\":\"%s\"}".formatted(address.token()), true).join();
      assertThat(listener.next()).contains("\"widget\":\"heatmap\"");
      socket.abort();
    }
  }
}
