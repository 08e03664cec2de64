package org.heapatlas.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.heapatlas.model.ClockOffset;
import org.heapatlas.model.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodesFileTest {
  @TempDir Path folder;

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve(NodesFile.NAME), text);
  }

  private NodesFile.Content read() {
    return NodesFile.read(folder).orElseThrow();
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    NodesFile file = new NodesFile(folder);
    file.measured("a_1", "a:1", new ClockOffset(10, -3, 2));
    file.measured("a_1", "a:1", new ClockOffset(20, -4, 1));
    file.missing("b_1", "b:1", "it does not answer");
    file.missing("a_1", "a:1", "it does not answer");
    file.missing("a_1", "a:1", "");
    assertThat(read().clocks())
        .isEqualTo(
            Map.of(
                "a_1",
                new ClockSeries(List.of(new ClockOffset(10, -3, 2), new ClockOffset(20, -4, 1)))));
    assertThat(read().missing()).isEqualTo(Map.of("b_1", "it does not answer"));
    assertThat(read().sentences(List.of("a_1", "b_1")))
        .containsExactly(
            "of the node b_1: it does not answer",
            "instants of the node a_1 are on the clock of the server that recorded, at most 0.001 ms off",
            "the clock of the node b_1 was not measured, so it is told by its own");
  }

  @Test
  void aLineThatWasCutShortIsLeftOut() throws IOException {
    write(
        "{\"node\": \"a\", \"at\": 1, \"offsetNanos\": 2, \"errorNanos\": 3}\n{\"node\": \"a\", \"a");
    assertThat(read().clocks().get("a").measured()).containsExactly(new ClockOffset(1, 2, 3));
    assertThat(NodesFile.read(folder.resolve("elsewhere"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\n",
        "\n",
        "[]\n",
        "{\"node\": \"a\"}\n",
        "{\"node\": \"a\", \"at\": \"1\", \"offsetNanos\": 2, \"errorNanos\": 3}\n",
        "{\"node\": \"a\", \"at\": 1, \"offsetNanos\": 2, \"errorNanos\": -3}\n",
        "{\"node\": \"a\", \"at\": 1, \"offsetNanos\": 9223372036854775807, \"errorNanos\": 3}\n",
        "{\"node\": \"a\", \"at\": 1, \"offsetNanos\": 2e99, \"errorNanos\": 3}\n"
      })
  void anythingElseIsOneSentence(String text) throws IOException {
    write(text);
    assertThatThrownBy(this::read)
        .isInstanceOf(Problem.class)
        .hasMessageStartingWith("nodes.jsonl beside the recordings cannot be used (line 1 ")
        .hasMessageEndingWith("each node is told by its own clock");
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "");
    Files.createSymbolicLink(folder.resolve(NodesFile.NAME), elsewhere);
    assertThatThrownBy(this::read).isInstanceOf(Problem.class);
  }
}
