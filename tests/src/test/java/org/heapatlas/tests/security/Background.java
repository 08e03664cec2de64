package org.heapatlas.tests.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.heapatlas.tests.endtoend.Product;

/** The product running beside a test, heard on what it says; ended with all that it started. */
final class Background implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> heard = new ArrayList<>();

  private Background(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::read);
  }

  static Background heapatlas(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(environment, Product.root().resolve("heapatlas"), arguments);
  }

  /** The node's daemon itself, on a folder of its own. */
  static Background collector(Path node, String address, Path certificates) throws IOException {
    Path program = Path.of(System.getProperty("heapatlas.native"), "heapatlas-collector");
    return start(
        Map.of(),
        program,
        "--dir",
        node.toString(),
        "--listen",
        address,
        "--tls",
        certificates.toString());
  }

  private static Background start(
      Map<String, String> environment, Path program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new Background(builder.start());
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("its output was cut off: " + e.getMessage());
    }
  }

  /** The first group of the pattern, once a line matches it. */
  String await(String pattern) throws IOException, InterruptedException {
    Pattern wanted = Pattern.compile(pattern);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      String line = lines.poll(1, TimeUnit.SECONDS);
      if (line != null) {
        heard.add(line);
        Matcher match = wanted.matcher(line);
        if (match.find()) {
          return match.groupCount() > 0 ? match.group(1) : match.group();
        }
      } else if (!process.isAlive()) {
        break;
      }
    }
    throw new IOException("'%s' was not said; heard: %s".formatted(pattern, heard));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
