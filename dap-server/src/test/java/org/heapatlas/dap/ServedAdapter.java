package org.heapatlas.dap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.heapatlas.session.Nodes;
import org.heapatlas.view.ChannelHost;

/** The adapter over some nodes, and a client that talks to it. */
final class ServedAdapter {
  private static final ChannelHost CHANNEL =
      views -> new ChannelHost.Address("ws://127.0.0.1:1/channel", "secret");

  private final Socket socket;
  private final Thread connection;
  private final TestClient client;

  ServedAdapter(Nodes nodes) throws IOException {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      socket = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
      Socket accepted = listening.accept();
      connection = Thread.ofPlatform().start(() -> serve(accepted, nodes));
    }
    client = new TestClient(socket.getInputStream(), socket.getOutputStream());
  }

  TestClient client() {
    return client;
  }

  private static void serve(Socket accepted, Nodes nodes) {
    try (accepted) {
      new DapConnection(accepted.getInputStream(), accepted.getOutputStream(), nodes, () -> CHANNEL)
          .run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void close() throws IOException, InterruptedException {
    socket.close();
    connection.join(10_000);
    assertThat(connection.isAlive()).as("the connection ends with its stream").isFalse();
  }
}
