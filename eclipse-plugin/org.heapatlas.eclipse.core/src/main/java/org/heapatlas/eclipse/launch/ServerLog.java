package org.heapatlas.eclipse.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.core.runtime.ILog;

/** What the server writes to its error stream: read to its end by a thread, the last lines kept. */
final class ServerLog {
  private static final int KEPT = 20;

  private final Deque<String> lines = new ArrayDeque<>();

  private ServerLog() {}

  static ServerLog of(Process server) {
    ServerLog log = new ServerLog();
    Thread.ofVirtual().name("HeapAtlas server log").start(() -> log.read(server));
    return log;
  }

  private void read(Process server) {
    try (BufferedReader reader = server.errorReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      ILog.of(ServerLog.class).info("The server's error stream ended.", e);
    }
  }

  private synchronized void add(String line) {
    if (lines.size() == KEPT) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }

  /** The last lines, each on its own; empty when nothing was written. */
  synchronized String tail() {
    return lines.isEmpty() ? "" : "\n" + String.join("\n", lines);
  }
}
