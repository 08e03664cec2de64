package org.heapatlas.tests.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Tools that open our exports and share no code with us. One that is not there skips the test that
 * asks for it, with a sentence that says what is lacking.
 */
final class ForeignReaders {
  private static final Path FOLDER = Product.root().resolve("tests/readers");
  private static final Path HEAPTRACK = Path.of("/usr/bin/heaptrack_print");

  /** A stack as flame graph scripts write it, the outermost frame first. */
  record Line(String stack, long cost) {
    static Line parse(String line) {
      int space = line.lastIndexOf(' ');
      return new Line(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
    }
  }

  private ForeignReaders() {}

  /** {@code cost}: what it should count for each stack, as its options name it. */
  static List<Line> heaptrackPrint(Path file, String cost) throws Exception {
    assumeTrue(Files.exists(HEAPTRACK), "no heaptrack_print; install Debian's heaptrack");
    Path stacks = file.resolveSibling(file.getFileName() + "." + cost);
    Product.Result said =
        run(
            List.of(
                HEAPTRACK.toString(),
                file.toString(),
                "--disable-builtin-suppressions",
                "--flamegraph-cost-type",
                cost,
                "-F",
                stacks.toString()));
    if ((said.text() + said.err()).contains("failed to parse")) {
      throw new IOException("heaptrack_print does not understand: " + said.err());
    }
    try (Stream<String> lines = Files.lines(stacks)) {
      return lines.map(Line::parse).toList();
    }
  }

  /** For each file its profiles, each with name, unit and weight. */
  static JsonNode speedscope(Path... files) throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/chromium")), "no browser; install Debian's chromium");
    assumeTrue(
        Files.isDirectory(Product.root().resolve("vscode-extension/node_modules/playwright-core")),
        "no library to drive a browser; run 'npm ci' in vscode-extension");
    return node("speedscope.mjs", files);
  }

  /** The processes of a JSON trace, each with pid, name, end and the last of its counters. */
  static JsonNode traceEvents(Path file) throws Exception {
    return python("trace_events.py", file);
  }

  /** For each kind of event: kind, events and bytes. */
  static JsonNode hyparquet(Path file) throws Exception {
    return node("parquet.mjs", file);
  }

  /** The same by python3's csv module. */
  static JsonNode csvModule(Path file) throws Exception {
    return python("events.py", file);
  }

  private static JsonNode python(String script, Path file) throws Exception {
    return run(List.of("/usr/bin/python3", FOLDER.resolve(script).toString(), file.toString()))
        .json();
  }

  /** A pprof file in Protocol Buffers' text format. */
  static String protoc(Path file) throws Exception {
    assumeTrue(
        Files.exists(Path.of("/usr/bin/protoc")), "no protoc; install Debian's protobuf-compiler");
    String pipe =
        "gunzip -c \"$0\" | protoc --decode=perftools.profiles.Profile -I \"$1\" profile.proto";
    return run(List.of("sh", "-c", pipe, file.toString(), FOLDER.toString())).text();
  }

  private static JsonNode node(String script, Path... files) throws Exception {
    assumeTrue(
        Files.isDirectory(FOLDER.resolve("node_modules")),
        "no readers from npm; run 'npm ci' in tests/readers");
    List<String> command = new ArrayList<>(List.of("node", FOLDER.resolve(script).toString()));
    Arrays.stream(files).map(Path::toString).forEach(command::add);
    return run(command).json();
  }

  private static Product.Result run(List<String> command) throws Exception {
    Product.Result result = Product.execute(command, Map.of());
    if (result.status() != 0) {
      throw new IOException(
          "%s fails: %s%s".formatted(String.join(" ", command), result.text(), result.err()));
    }
    return result;
  }
}
