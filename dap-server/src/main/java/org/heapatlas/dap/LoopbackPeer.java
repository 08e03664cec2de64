package org.heapatlas.dap;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Who is at the other end of a loopback connection. A debug adapter starts programs for whoever
 * speaks to it, and any user of the machine can reach its port; so only its own user, and root,
 * may.
 */
final class LoopbackPeer {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.dap");
  private static final int ROOT = 0;
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int USER = 7;
  private static final String ESTABLISHED = "01";

  private LoopbackPeer() {}

  /** False also when the kernel does not say who it is. */
  static boolean mayEnter(Socket connection) {
    try {
      int own = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      OptionalInt user = user(connection.getPort(), connection.getLocalPort());
      return user.isPresent() && (user.getAsInt() == own || user.getAsInt() == ROOT);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the kernel's table of connections is not readable", e);
      return false;
    }
  }

  /** The owner of the client's end, whose local port is its own and whose remote port is ours. */
  private static OptionalInt user(int clientPort, int ourPort) throws IOException {
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      Path file = Path.of(table);
      if (Files.exists(file)) {
        try (Stream<String> lines = Files.lines(file)) {
          OptionalInt user =
              lines
                  .skip(1)
                  .map(line -> line.strip().split("\\s+"))
                  .filter(row -> row.length > USER && row[STATE].equals(ESTABLISHED))
                  .filter(row -> port(row[LOCAL]) == clientPort && port(row[REMOTE]) == ourPort)
                  .mapToInt(row -> Integer.parseUnsignedInt(row[USER]))
                  .findFirst();
          if (user.isPresent()) {
            return user;
          }
        }
      }
    }
    return OptionalInt.empty();
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
  }
}
