package org.heapatlas.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.heapatlas.collector.MirrorFolder.Listed;
import org.heapatlas.model.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The copy of a recording, fed by a node that may be anybody. */
class MirrorFolderTest {
  private static final long MOST = 1000;

  @TempDir Path folder;
  private MirrorFolder copy;

  @BeforeEach
  void make() throws IOException {
    copy = new MirrorFolder(folder.resolve("node"), MOST);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private String text(String name) throws IOException {
    return Files.readString(copy.folder().resolve(name));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.walk(copy.folder())) {
      return all.filter(Files::isRegularFile)
          .map(each -> copy.folder().relativize(each).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void filesGrowFromPassToPass() throws IOException {
    MirrorFolder.Pass first =
        copy.begin(
            List.of(new Listed("recording.json", 0, 2), new Listed("7/events-0.frames", 0, 5)));
    first.write(0, 0, bytes("{}"));
    first.write(1, 0, bytes("abc"));
    first.write(1, 3, bytes("de"));
    first.complete();
    MirrorFolder.Pass second =
        copy.begin(
            List.of(new Listed("recording.json", 0, 2), new Listed("7/events-0.frames", 0, 8)));
    second.write(1, 5, bytes("fgh"));
    second.complete();
    assertThat(text("7/events-0.frames")).isEqualTo("abcdefgh");
    assertThat(second.isOnDisk()).isTrue();
    assertThat(copy.bytes()).isEqualTo(10);
    Files.writeString(copy.folder().resolve("7/events-0.frames"), "abcdefg");
    assertThat(second.isOnDisk()).isFalse();
  }

  @Test
  void whatTheNodeGaveUpGoesOnceWhatReplacesItIsWhole() throws IOException {
    List<Listed> old =
        List.of(
            new Listed("7/events-0.frames", 1, 3),
            new Listed("7/events-1.frames", 2, 3),
            new Listed("7/effects.frames", 3, 3));
    MirrorFolder.Pass first = copy.begin(old);
    for (int file = 0; file < 3; file++) {
      first.write(file, 0, bytes("old"));
    }
    first.complete();
    MirrorFolder.Pass second =
        copy.begin(
            List.of(new Listed("7/events-1.frames", 2, 3), new Listed("7/effects.frames", 4, 4)));
    second.write(1, 0, bytes("ne"));
    assertThat(text("7/effects.frames")).isEqualTo("old");
    assertThat(names()).contains("7/events-0.frames");
    assertThat(copy.held()).containsExactlyInAnyOrderElementsOf(old);
    second.write(1, 2, bytes("w!"));
    second.complete();
    assertThat(text("7/effects.frames")).isEqualTo("new!");
    assertThat(names()).containsExactly("7/effects.frames", "7/events-1.frames");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "..",
        "../recording.json",
        "/etc/passwd",
        "7/../../x",
        "7/other",
        "07/effects.frames",
        "7/events-.frames",
        "7/events-0.frames/x",
        "7//effects.frames",
        "recording.json\n",
        "7/effects.frames.new",
        "x/effects.frames",
        "99999999999999999999/effects.frames"
      })
  void otherNamesAreRefused(String name) throws IOException {
    assertThatThrownBy(() -> copy.begin(List.of(new Listed(name, 0, 1))))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no file of a recording");
    assertThat(names()).isEmpty();
  }

  @Test
  void moreThanMayBeCopiedIsRefused() {
    assertThatThrownBy(() -> copy.begin(List.of(new Listed("recording.json", 0, MOST + 1))))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("larger than the 1000 B that are copied at most");
    List<Listed> sum =
        List.of(
            new Listed("recording.json", 0, Long.MAX_VALUE),
            new Listed("7/effects.frames", 0, Long.MAX_VALUE));
    assertThatThrownBy(() -> copy.begin(sum)).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> copy.begin(List.of(new Listed("recording.json", 0, -1))))
        .isInstanceOf(Problem.class);
  }

  /** A node that breaks off each time, and each time has other files. */
  @Test
  void whatWasNeverCompletedCountsToo() throws IOException {
    for (int pass = 0; pass < 2; pass++) {
      String name = "7/events-%d.frames".formatted(pass);
      copy.begin(List.of(new Listed(name, 0, MOST))).write(0, 0, bytes("x".repeat((int) MOST)));
    }
    List<Listed> third = List.of(new Listed("7/events-2.frames", 0, MOST));
    assertThatThrownBy(() -> copy.begin(third))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("that are copied at most");
    assertThat(copy.bytes()).isEqualTo(2 * MOST);
  }

  @Test
  void partsThatWereNotListedAreRefused() throws IOException {
    MirrorFolder.Pass pass = copy.begin(List.of(new Listed("7/effects.frames", 0, 4)));
    assertThatThrownBy(() -> pass.write(1, 0, bytes("x"))).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> pass.write(-1, 0, bytes("x"))).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> pass.write(0, 1, bytes("x"))).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> pass.write(0, 0, bytes("12345"))).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> pass.write(0, 0, bytes(""))).isInstanceOf(Problem.class);
    pass.write(0, 0, bytes("123"));
    assertThatThrownBy(pass::complete)
        .isInstanceOf(Problem.class)
        .hasMessageContaining("less of '7/effects.frames' than it lists");
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "mine");
    Files.createSymbolicLink(copy.folder().resolve("recording.json"), elsewhere);
    MirrorFolder.Pass pass = copy.begin(List.of(new Listed("recording.json", 0, 1)));
    assertThatThrownBy(() -> pass.write(0, 0, bytes("x"))).isInstanceOf(IOException.class);
    Files.createSymbolicLink(copy.folder().resolve("7"), folder);
    MirrorFolder.Pass other = copy.begin(List.of(new Listed("7/effects.frames", 0, 1)));
    assertThatThrownBy(() -> other.write(0, 0, bytes("x"))).isInstanceOf(IOException.class);
    assertThat(elsewhere).hasContent("mine");
  }

  @Test
  void addressesBecomeNamesOfFoldersThatDiffer() {
    java.util.Set<String> names = new java.util.HashSet<>();
    assertThat(NodesRecording.folderName("10.0.0.1:4711", names)).isEqualTo("10.0.0.1_4711");
    assertThat(NodesRecording.folderName("10.0.0.1_4711", names)).isEqualTo("10.0.0.1_4711-2");
    assertThat(NodesRecording.folderName("[::1]:1", names)).isEqualTo("___1__1");
    assertThat(NodesRecording.folderName("../x:1", names)).isEqualTo("_._x_1");
  }
}
