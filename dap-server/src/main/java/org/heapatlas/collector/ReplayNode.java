package org.heapatlas.collector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.heapatlas.model.Problem;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;

/**
 * A recording, by a collector of its own that replays it in a private node folder and ends with
 * this. Main entry: open.
 */
final class ReplayNode implements Node {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long STEP_MILLIS = 5;
  private static final long END_SECONDS = 5;
  private static final int REFUSED = 2;

  private final NodeFolder folder;
  private final Process collector;
  private CollectorClient client;

  private ReplayNode(NodeFolder folder, Process collector) {
    this.folder = folder;
    this.collector = collector;
  }

  /** What the collector refuses is a Problem in its own sentence. */
  static ReplayNode open(Path recording, NativeFiles files) {
    NodeFolder folder = new NodeFolder(temporaryFolder());
    ReplayNode node = new ReplayNode(folder, start(recording, folder, files));
    try {
      node.awaitAnswer();
      node.client = UnixChannel.open(folder.socket(), () -> {}, CollectorProblem.Peer.REPLAY);
      return node;
    } catch (Problem e) {
      node.close();
      throw e;
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("heapatlas-replay");
    } catch (IOException e) {
      throw new Problem(
          Problem.Kind.FAILED, "no temporary folder can be made; is the disk full?", e);
    }
  }

  private static Process start(Path recording, NodeFolder folder, NativeFiles files) {
    return CollectorProcess.launch(
        List.of(
            files.collector().toString(),
            "--replay",
            recording.toAbsolutePath().normalize().toString(),
            "--dir",
            folder.path().toString()),
        folder,
        files);
  }

  private void awaitAnswer() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!CollectorProcess.answers(folder)) {
      if (!collector.isAlive()) {
        Problem.Kind kind =
            collector.exitValue() == REFUSED ? Problem.Kind.USED_WRONGLY : Problem.Kind.FAILED;
        throw new Problem(kind, CollectorProcess.lastWords(folder, collector.exitValue()));
      }
      if (System.nanoTime() > deadline) {
        throw Problem.failed("the recording was not opened within 60 s; is the disk very slow?");
      }
      CollectorProcess.pause(STEP_MILLIS);
    }
  }

  @Override
  public HeapSource source() {
    return client;
  }

  @Override
  public Command command(Launch launch) {
    throw Problem.usedWrongly("a recording is replayed; nothing can be started in it");
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    collector.destroy();
    try {
      if (!collector.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        collector.destroyForcibly();
      }
    } catch (InterruptedException e) {
      collector.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    removeFolder();
  }

  private void removeFolder() {
    try (Stream<Path> files = Files.walk(folder.path())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      CollectorProblem.LOG.log(
          System.Logger.Level.WARNING,
          "the temporary folder '%s' cannot be removed".formatted(folder.path()),
          e);
    }
  }
}
