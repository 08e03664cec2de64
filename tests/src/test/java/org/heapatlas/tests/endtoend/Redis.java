package org.heapatlas.tests.endtoend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A redis-server on a port of its own, as a program that answers while others do something to it.
 */
final class Redis {
  private final String port;

  private Redis(String port) {
    this.port = port;
  }

  /** Not started yet. */
  static Redis onFreePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Redis(Integer.toString(socket.getLocalPort()));
    }
  }

  List<String> command() {
    return List.of(
        "redis-server",
        "--port",
        port,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--logfile",
        "/dev/null");
  }

  /** Started on this node, and answering. */
  Process start(TestNode node, Map<String, String> environment) throws IOException {
    Process redis =
        node.start(
            new ProcessBuilder(command()).redirectOutput(ProcessBuilder.Redirect.DISCARD),
            environment);
    Await.until("redis answers", this::answers);
    return redis;
  }

  /** Clients that write all the time, until the node is closed or so many seconds are over. */
  Process load(TestNode node, int seconds) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("timeout", Integer.toString(seconds), "redis-benchmark", "-q", "-p", port));
    command.addAll(List.of("-n", "100000000", "-r", "20000", "-d", "100", "-t", "set,lpush"));
    return node.start(
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD), Map.of());
  }

  boolean answers() throws Exception {
    return ask("ping").equals("PONG");
  }

  String ask(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("redis-cli", "-p", port));
    command.addAll(List.of(words));
    return Product.execute(command, Map.of()).text().strip();
  }
}
