package org.heapatlas.collector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.heapatlas.model.ClockOffset;
import org.heapatlas.model.Problem;

/**
 * nodes.jsonl, beside the recordings of several nodes: a line for each measurement of a node's
 * clock, and for what of a node is missing since when; see
 * native-bridge/collector/recording/README.md. A line is written at once, so that whoever is killed
 * leaves all but the last. Main entries: measured and missing, from any thread, and read.
 */
final class NodesFile {
  static final String NAME = "nodes.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MOST_BYTES = 64L << 20;
  private static final long MOST_NANOS = 1L << 61; // sums of three do not overflow
  private static final int MOST_OF_A_SENTENCE = 1000;

  private final Path file;

  NodesFile(Path folder) {
    this.file = folder.resolve(NAME);
  }

  /** What a recording says of its nodes, by the names of their folders. */
  record Content(Map<String, ClockSeries> clocks, Map<String, String> missing) {
    static final Content NONE = new Content(Map.of(), Map.of());

    /** Of these nodes, for people. */
    List<String> sentences(List<String> nodes) {
      return Stream.concat(
              missing.entrySet().stream()
                  .map(each -> "of the node %s: %s".formatted(each.getKey(), each.getValue())),
              nodes.stream().map(this::words))
          .toList();
    }

    private String words(String node) {
      ClockSeries clock = clocks.getOrDefault(node, ClockSeries.UNKNOWN);
      if (!clock.isKnown()) {
        return "the clock of the node %s was not measured, so it is told by its own"
            .formatted(node);
      }
      double millis = Math.ceil(clock.largestError() / 1e3) / 1e3;
      return String.format(
          Locale.ROOT,
          "instants of the node %s are on the clock of the server that recorded, at most %.3f ms off",
          node,
          millis);
    }
  }

  void measured(String node, String address, ClockOffset clock) throws IOException {
    append(
        line(node, address, clock.at())
            .put("offsetNanos", clock.offset())
            .put("errorNanos", clock.error()));
  }

  /** From now on; empty: nothing any more. */
  void missing(String node, String address, String sentence) throws IOException {
    append(line(node, address, ClockProbe.realNanos()).put("missing", sentence));
  }

  private static ObjectNode line(String node, String address, long at) {
    return JSON.createObjectNode().put("node", node).put("address", address).put("at", at);
  }

  private synchronized void append(ObjectNode line) throws IOException {
    Files.writeString(
        file,
        JSON.writeValueAsString(line) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Empty where there is no such file. A Problem says what is wrong with it. */
  static Optional<Content> read(Path folder) {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
        throw wrong("it is no file of at most 64 MiB", null);
      }
      return Optional.of(parse(file));
    } catch (IOException e) {
      throw wrong(e.getMessage(), e);
    }
  }

  private static Content parse(Path file) throws IOException {
    Map<String, List<ClockOffset>> clocks = new HashMap<>();
    Map<String, String> missing = new LinkedHashMap<>();
    boolean torn = !endsWithALine(file);
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 1;
      String next = lines.readLine();
      while (next != null) {
        String line = next;
        next = lines.readLine();
        if (next != null || !torn) { // whoever wrote the last one was killed
          take(line, number++, clocks, missing);
        }
      }
    }
    missing.values().removeIf(String::isEmpty);
    return new Content(
        clocks.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> new ClockSeries(each.getValue()))),
        missing);
  }

  private static boolean endsWithALine(Path file) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      var last = java.nio.ByteBuffer.allocate(1);
      channel.position(Math.max(0, channel.size() - 1));
      return channel.read(last) < 1 || last.get(0) == '\n';
    }
  }

  private static void take(
      String text, int number, Map<String, List<ClockOffset>> clocks, Map<String, String> missing) {
    JsonNode line;
    try {
      line = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw wrong("line %d is no JSON".formatted(number), e);
    }
    String node = line.path("node").asText();
    if (line.path("missing").isTextual() && !node.isEmpty()) {
      missing.put(node, sentence(line.path("missing").asText()));
    } else if (isMeasurement(line) && !node.isEmpty()) {
      clocks
          .computeIfAbsent(node, _ -> new ArrayList<>())
          .add(
              new ClockOffset(
                  line.path("at").asLong(),
                  line.path("offsetNanos").asLong(),
                  line.path("errorNanos").asLong()));
    } else {
      throw wrong("line %d says nothing of a node".formatted(number), null);
    }
  }

  private static boolean isMeasurement(JsonNode line) {
    return isWithin(line.path("at"), 0)
        && isWithin(line.path("offsetNanos"), -MOST_NANOS)
        && isWithin(line.path("errorNanos"), 0);
  }

  private static boolean isWithin(JsonNode number, long least) {
    return number.canConvertToLong()
        && number.isIntegralNumber()
        && number.asLong() >= least
        && number.asLong() <= MOST_NANOS;
  }

  private static String sentence(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", " ");
    return plain.substring(0, Math.min(plain.length(), MOST_OF_A_SENTENCE));
  }

  private static Problem wrong(String what, Exception cause) {
    return new Problem(
        Problem.Kind.FAILED,
        "%s beside the recordings cannot be used (%s), so each node is told by its own clock"
            .formatted(NAME, what),
        cause);
  }
}
