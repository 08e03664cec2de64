package org.heapatlas.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.heapatlas.model.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFolderTest {
  @TempDir Path temporary;

  @Test
  void theFolderIsMadeForItsOwnerAlone() throws IOException {
    NodeFolder folder = new NodeFolder(temporary.resolve("node"));
    folder.ensure();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
        .isEqualTo("rwx------");
    folder.ensure();
  }

  @Test
  void aPlantedLinkIsNotFollowed() throws IOException {
    Path real =
        Files.createDirectory(
            temporary.resolve("real"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    NodeFolder folder = new NodeFolder(Files.createSymbolicLink(temporary.resolve("link"), real));
    assertThatThrownBy(folder::ensure).isInstanceOf(Problem.class).hasMessageContaining("link");
  }

  @Test
  void aFolderThatOthersMayEnterIsRefused() throws IOException {
    Path open = Files.createDirectory(temporary.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(new NodeFolder(open)::ensure)
        .isInstanceOf(Problem.class)
        .hasMessageContaining("0700");
  }

  @Test
  void theEnvironmentNamesTheFolder() {
    assertThat(NodeFolder.ofEnvironment(Map.of("HEAPATLAS_DIR", "/x")).path())
        .isEqualTo(Path.of("/x"));
    assertThat(NodeFolder.ofEnvironment(Map.of()).path().toString())
        .startsWith("/dev/shm/heapatlas-");
  }

  @Test
  void nobodyListensInANewFolder() {
    NodeFolder folder = new NodeFolder(temporary.resolve("silent"));
    folder.ensure();
    assertThat(CollectorProcess.answers(folder)).isFalse();
  }
}
