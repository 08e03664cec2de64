package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script in a checkout of its own, in which the build never ends. */
class ScriptTest {
  private static final int PATIENCE_SECONDS = 60;

  @TempDir Path checkout;

  @BeforeEach
  void layOut() throws IOException {
    for (String file : List.of("heapatlas", ".mvn/jdk")) {
      Path copy = checkout.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(Product.root().resolve(file), copy);
    }
    Files.createFile(
        Files.createDirectory(checkout.resolve("native-bridge")).resolve("packages.txt"));
    executable(
        "bin/cmake", "#!/bin/sh\necho building >&2\ntrap '' INT\nsleep 1000 &\nwait\nexit 0\n");
  }

  private void executable(String name, String text) throws IOException {
    Path file = checkout.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalDuringTheBuildEndsTheScriptAndTheBuild(String signal, int status) throws Exception {
    String path = checkout.resolve("bin") + ":" + System.getenv("PATH");
    List<String> command =
        List.of(
            "env",
            "--default-signal=INT",
            "PATH=" + path,
            checkout.resolve("heapatlas").toString(),
            "attach",
            "1");
    Process script = new ProcessBuilder(command).start();
    try (BufferedReader said = script.errorReader()) {
      assertThat(said.readLine()).contains("building the native side");
      Await.until(
          "the build runs",
          () ->
              script
                  .descendants()
                  .anyMatch(each -> each.info().commandLine().orElse("").contains("sleep 1000")));
      List<ProcessHandle> build = script.descendants().toList();
      TestNode.signal(script.toHandle(), signal);

      assertThat(script.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("the script ends").isTrue();
      assertThat(script.exitValue()).isEqualTo(status);
      Await.until("the build has ended", () -> build.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      script.descendants().forEach(ProcessHandle::destroyForcibly);
      script.destroyForcibly();
    }
  }
}
