package org.heapatlas.collector;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.heapatlas.model.Problem;

/**
 * Makes sure that a collector answers on the node folder's socket. One is started, in a session of
 * its own so that no Ctrl-C meant for somebody else reaches it, when none does; two servers
 * starting one at once is settled by its lock.
 */
final class CollectorProcess {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final String NAME = "heapatlas-collector: ";
  private static final int ANOTHER_RUNS = 3;
  private static final long STEP_MILLIS = 5;
  private static final long RESTART_MILLIS = 100;

  private CollectorProcess() {}

  static void ensure(NodeFolder folder, NativeFiles files) {
    folder.ensure();
    if (answers(folder)) {
      return;
    }
    Process process = start(folder, files);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!answers(folder)) {
      if (!process.isAlive()) {
        if (process.exitValue() != 0 && process.exitValue() != ANOTHER_RUNS) {
          throw Problem.failed(
              "the collector did not start: " + lastWords(folder, process.exitValue()));
        }
        // The one that held the folder was perhaps just ending, and will not answer any more.
        pause(RESTART_MILLIS);
        process = start(folder, files);
      }
      if (System.nanoTime() > deadline) {
        throw Problem.failed(
            "the collector on '%s' does not answer within 15 s; see '%s'"
                .formatted(folder.path(), folder.log()));
      }
      pause(STEP_MILLIS);
    }
  }

  /** Whether somebody listens on the socket; a file left behind by a killed collector refuses. */
  static boolean answers(NodeFolder folder) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(folder.socket()));
    } catch (IOException nobodyListens) {
      return false;
    }
  }

  private static Process start(NodeFolder folder, NativeFiles files) {
    return launch(
        List.of(
            "setsid",
            files.collector().toString(),
            "--dir",
            folder.path().toString(),
            "--idle-exit",
            "30"),
        folder,
        files);
  }

  /** Its words go to the folder's log. */
  static Process launch(List<String> command, NodeFolder folder, NativeFiles files) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("LD_PRELOAD");
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    builder.redirectErrorStream(true).redirectOutput(folder.log().toFile());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new Problem(
          Problem.Kind.FAILED,
          "the collector '%s' cannot be started".formatted(files.collector()),
          e);
    }
  }

  /** What it said last before it ended with this status. */
  static String lastWords(NodeFolder folder, int status) {
    try {
      return Files.readAllLines(folder.log()).stream()
          .filter(line -> !line.isBlank())
          .reduce((first, second) -> second)
          .map(line -> line.startsWith(NAME) ? line.substring(NAME.length()) : line)
          .orElse("it ended with status " + status);
    } catch (IOException e) {
      return "it ended with status " + status + " and left no log";
    }
  }

  static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(Problem.Kind.FAILED, "waiting for the collector was interrupted", e);
    }
  }
}
