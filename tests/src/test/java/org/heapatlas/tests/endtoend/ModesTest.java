package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The mode is switched through the debug console while a program's threads go on; what the key
 * figures then say is live is what the program itself says, exactly in full, and within five
 * standard errors as a sample.
 */
class ModesTest {
  private static final int STATUS = 7;
  private static final int MEAN = 4096;

  /**
   * What the C and C++ libraries hold for themselves since a switch: a list's file, a stream's
   * buffer.
   */
  private static final long LIBRARIES = 100_000;

  @TempDir static Path folder;

  private final Path list = folder.resolve("list");
  private final Path commands = folder.resolve("commands");
  private int answers;

  @Test
  void everySwitchLeavesFiguresThatAreRight() throws Exception {
    String program = Product.compile(folder, "shifting.cc").toString();
    assertThat(Product.execute(List.of("mkfifo", commands.toString()), Map.of()).status()).isZero();
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      adapter.await("initialized");
      adapter.ask(
          "launch",
          Map.of("program", program, "args", List.of("4", list.toString(), commands.toString())));
      adapter.ask("configurationDone", Map.of());
      adapter.await("process");
      awaitAnswer(adapter);
      order(adapter, "fresh");
      expectExactly(adapter, "full");
      for (String mode :
          List.of("sampled", "full", "off", "sampled", "off", "full", "full-no-stacks")) {
        adapter.ask(
            "evaluate",
            Map.of("expression", "mode " + (mode.equals("sampled") ? mode + " " + MEAN : mode)));
        Await.until(
            "the mode is " + mode,
            () -> figures(adapter).path("coverage").path("mode").asText().equals(mode));
        order(adapter, "fresh");
        switch (mode) {
          case "off" -> expectSaid(adapter, "recording is off since");
          case "sampled" -> expectEstimate(adapter);
          default -> {
            expectExactly(adapter, mode);
            expectSaid(adapter, "the map began anew after");
          }
        }
      }
      command("end");
      assertThat(adapter.await("exited").path("exitCode").asInt()).isEqualTo(STATUS);
      assertThat(adapter.leave()).isZero();
    }
  }

  private void expectExactly(Adapter adapter, String mode) throws Exception {
    order(adapter, "list");
    long told = bytesTold();
    assertThat(told).as("bytes in the program's list").isGreaterThan(1_000_000);
    assertThat(liveBytes(adapter)).as("live bytes in " + mode).isBetween(told, told + LIBRARIES);
    order(adapter, "go");
  }

  private void expectEstimate(Adapter adapter) throws Exception {
    order(adapter, "list");
    long told = bytesTold();
    JsonNode frame = figures(adapter);
    String text = frame.path("coverage").path("text").asText();
    assertThat(text).contains("a sample by bytes, scaled to the whole, ± ");
    double error = bytes(text.replaceFirst(".*± ", "").replaceFirst(": .*", ""));
    assertThat(error).as("standard error").isPositive().isLessThan(told / 10.0);
    assertThat((double) liveBytes(adapter)).isCloseTo(told, within(5 * error + LIBRARIES));
    order(adapter, "go");
  }

  private static void expectSaid(Adapter adapter, String words) throws Exception {
    JsonNode frame = figures(adapter);
    assertThat(frame.path("coverage").path("text").asText()).contains(words);
    assertThat(frame.path("data").path("notices").toString())
        .containsAnyOf("The map began anew", "switched off");
  }

  /** A frame of the key figures behind everything that the program has written. */
  private static JsonNode figures(Adapter adapter) throws Exception {
    String view = "";
    for (JsonNode each : adapter.ask("heapatlas/views", Map.of()).path("views")) {
      view = each.path("widget").asText().equals("keyFigures") ? each.path("id").asText() : view;
    }
    JsonNode opened = adapter.ask("heapatlas/open", Map.of("view", view));
    adapter.ask("heapatlas/close", Map.of("handle", opened.path("handle").asText()));
    return opened.path("frame");
  }

  private static long liveBytes(Adapter adapter) throws Exception {
    for (JsonNode figure : figures(adapter).path("data").path("figures")) {
      if (figure.path("id").asText().equals("liveBytes")) {
        return figure.path("value").asLong();
      }
    }
    throw new IOException("no figure of live bytes");
  }

  /** As the figures write it, "1.5 MiB". */
  private static double bytes(String text) {
    String[] words = text.split(" ", 2);
    return Double.parseDouble(words[0])
        * Math.pow(1024, List.of("B", "KiB", "MiB", "GiB").indexOf(words[1]));
  }

  private long bytesTold() throws IOException {
    try (Stream<String> lines = Files.lines(list)) {
      return lines.mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1))).sum();
    }
  }

  private void order(Adapter adapter, String command) throws IOException {
    command(command);
    awaitAnswer(adapter);
  }

  private void command(String command) throws IOException {
    Files.writeString(commands, command + "\n");
  }

  private void awaitAnswer(Adapter adapter) {
    ++answers;
    Await.until("the program answers", () -> adapter.output("stdout").lines().count() >= answers);
  }
}
