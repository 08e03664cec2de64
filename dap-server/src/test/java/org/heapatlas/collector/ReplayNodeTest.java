package org.heapatlas.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.heapatlas.model.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector that does not come up, in place of the real one. */
class ReplayNodeTest {
  @TempDir Path folder;

  private NativeFiles collector(String script) throws IOException {
    Path file =
        Files.createFile(
            folder.resolve("heapatlas-collector"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    return new NativeFiles(folder);
  }

  @Test
  void whatTheCollectorRefusesIsAProblemInItsOwnSentence() throws IOException {
    NativeFiles refusing =
        collector("echo \"heapatlas-collector: '$2' is no recording\" >&2; exit 2");
    assertThatThrownBy(() -> ReplayNode.open(Path.of("/no/recording"), refusing))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem).hasMessage("'/no/recording' is no recording");
              assertThat(problem.kind()).isEqualTo(Problem.Kind.USED_WRONGLY);
            });
  }

  @Test
  void aRefusedRecordingLeavesNoFolderBehind() throws IOException {
    Path seen = folder.resolve("seen");
    NativeFiles refusing = collector("echo \"$4\" >" + seen + "; exit 1");
    assertThatThrownBy(() -> ReplayNode.open(folder, refusing)).isInstanceOf(Problem.class);
    assertThat(Path.of(Files.readString(seen).strip())).doesNotExist();
  }
}
