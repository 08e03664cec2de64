package org.heapatlas.dap;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.function.Supplier;
import org.heapatlas.model.Problem;
import org.heapatlas.session.Nodes;
import org.heapatlas.view.ChannelHost;

/** The adapter on a loopback port: a session for each client of this user, any number at once. */
public final class DapServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.dap");
  private static final int LAST_PORT = 65_535;

  private final ServerSocket socket;
  private final Nodes nodes;
  private final Supplier<ChannelHost> channels;

  private DapServer(ServerSocket socket, Nodes nodes, Supplier<ChannelHost> channels) {
    this.socket = socket;
    this.nodes = nodes;
    this.channels = channels;
  }

  /** Port 0 lets the system choose. */
  public static DapServer listen(int port, Nodes nodes, Supplier<ChannelHost> channels) {
    if (port < 0 || port > LAST_PORT) {
      throw Problem.usedWrongly("%d is no port; choose one up to %d".formatted(port, LAST_PORT));
    }
    try {
      ServerSocket socket = new ServerSocket();
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return new DapServer(socket, nodes, channels);
    } catch (IOException e) {
      throw new Problem(
          Problem.Kind.FAILED,
          "port %d cannot be listened on (%s); choose another one".formatted(port, e.getMessage()),
          e);
    }
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** Serves until closed. */
  public void run() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Thread.ofPlatform().daemon().name("dap client").start(() -> serve(client));
      } catch (SocketException closed) {
        LOG.log(System.Logger.Level.DEBUG, "the port was closed", closed);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      if (!LoopbackPeer.mayEnter(client)) {
        LOG.log(System.Logger.Level.WARNING, "a connection of another user was refused");
        return;
      }
      client.setTcpNoDelay(true);
      new DapConnection(
              new BufferedInputStream(client.getInputStream()),
              new BufferedOutputStream(client.getOutputStream()),
              nodes,
              channels)
          .run();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a client is gone", e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
