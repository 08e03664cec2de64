package org.heapatlas.tests.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.ProcessState;

/**
 * A node of a test's own: a folder in shared memory that no other test enters, its collector, and
 * the programs that the test watches there. Everything it started ends with it.
 */
final class TestNode implements AutoCloseable {
  private static final Path NATIVE = Path.of(System.getProperty("heapatlas.native"));
  private static final long PATIENCE_SECONDS = 60;

  private final Path folder;
  private final List<Process> started = new ArrayList<>();
  private Process collector;

  private TestNode(Path folder) {
    this.folder = folder;
  }

  /** With its collector running. */
  static TestNode start() throws IOException, InterruptedException {
    TestNode node = empty();
    node.startCollector();
    return node;
  }

  /** With nothing in it: whoever needs a collector starts it. */
  static TestNode empty() throws IOException {
    return new TestNode(
        Files.createTempDirectory(
            Path.of("/dev/shm"),
            "heapatlas-tests-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
  }

  /** A command of ours with a collector that nobody else has. */
  static Product.Result alone(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Product.root().resolve("heapatlas").toString()));
    command.addAll(arguments);
    try (TestNode node = empty()) {
      return Product.execute(command, Map.of("HEAPATLAS_DIR", node.folder().toString()));
    }
  }

  Path folder() {
    return folder;
  }

  Process collectorProcess() {
    return collector;
  }

  /** With a collector that replays a recording. */
  static TestNode replaying(Path recording) throws IOException, InterruptedException {
    TestNode node = empty();
    node.startCollector("--replay", recording.toString());
    return node;
  }

  void startCollector(String... options) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(NATIVE.resolve("heapatlas-collector").toString(), "--dir", folder.toString()));
    command.addAll(List.of(options));
    collector = start(command, Map.of());
    Path socket = folder.resolve("collector.sock");
    try (Collector client = new Collector(socket)) {
      Await.until("the collector answers", () -> Files.exists(socket) && collector.isAlive());
      client.hello();
    }
  }

  /** Of whoever serves here now, this test's own or not. */
  int collectorPid() {
    try (Collector client = connect()) {
      return client.hello().getPid();
    }
  }

  /** The first running process that fits, once more than so many allocations of it are seen. */
  ProcessInfo await(Predicate<ProcessInfo> fits, long allocations) {
    try (Collector client = connect()) {
      ProcessInfo process = client.await(fits.and(each -> each.getState() == ProcessState.RUNNING));
      Await.until(
          "the process allocates",
          () -> client.summary(process.getProcess(), false).getAllocations() > allocations);
      return process;
    }
  }

  Collector connect() {
    return new Collector(folder.resolve("collector.sock"));
  }

  /**
   * What a program needs to be watched here; behind the runtime the preloaded allocator, if any.
   */
  Map<String, String> environment(String allocator) {
    Map<String, String> all = new HashMap<>();
    String runtime = NATIVE.resolve("libheapatlas-runtime.so").toString();
    all.put("LD_PRELOAD", allocator.isEmpty() ? runtime : runtime + ":" + allocator);
    all.put("HEAPATLAS_DIR", folder.toString());
    all.put("HEAPATLAS_MODE", "full");
    return all;
  }

  /**
   * A process of this node's, with its standard streams as pipes; killed at the end if it still
   * runs.
   */
  Process start(List<String> command, Map<String, String> environment) throws IOException {
    return start(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT), environment);
  }

  /** The same with streams as the builder says. */
  Process start(ProcessBuilder builder, Map<String, String> environment) throws IOException {
    builder.environment().putAll(environment);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  static void signal(ProcessHandle process, String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new IOException("no signal %s to process %d".formatted(name, process.pid()));
    }
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> all = new ArrayList<>(started.stream().map(Process::toHandle).toList());
    ProcessHandle.allProcesses().filter(this::isHere).forEach(all::add);
    for (ProcessHandle process : all) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    started.forEach(TestNode::awaitEnd);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A collector or a launcher that a server has started for this node. */
  private boolean isHere(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains(folder.toString());
  }

  private static void awaitEnd(Process process) {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new UncheckedIOException(
            new IOException("process %d does not end".formatted(process.pid())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
