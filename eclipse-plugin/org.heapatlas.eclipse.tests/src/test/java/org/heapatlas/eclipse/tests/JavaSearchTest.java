package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.core.runtime.CoreException;
import org.heapatlas.eclipse.launch.JavaSearch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which Java runs the server, of scripts that say a version. */
class JavaSearchTest {
  @TempDir private Path folder;

  private Path home(String name, int release) throws IOException {
    Path home = folder.resolve(name);
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(
        java, "#!/bin/sh\necho 'openjdk version \"%d.0.1\"' >&2\n".formatted(release));
    java.toFile().setExecutable(true);
    return home;
  }

  private static Path find(String preference, Path own, Map<String, String> environment)
      throws CoreException {
    return new JavaSearch(preference, own, environment).find();
  }

  @Test
  void thePreferenceComesBeforeAllElse() throws Exception {
    Path named = home("named", 26);
    Path other = home("other", 25);
    Map<String, String> environment = Map.of("JAVA_HOME", other.toString());
    assertEquals(named.resolve("bin/java"), find(named.toString(), other, environment));
    assertEquals(other.resolve("bin/java"), find("", named, environment));
  }

  @Test
  void whatIsTooOldIsPassedOver() throws Exception {
    Path old = home("old", 21);
    Path recent = home("recent", 25);
    String path = old.resolve("bin") + ":" + recent.resolve("bin");
    assertEquals(
        recent.resolve("bin/java"),
        find("", old, Map.of("JAVA_HOME", old.toString(), "PATH", path)));
  }

  @Test
  void aPreferenceThatIsTooOldIsRefusedByName() throws Exception {
    Path old = home("old", 17);
    Path recent = home("recent", 25);
    CoreException refusal =
        assertThrows(CoreException.class, () -> find(old.toString(), recent, Map.of()));
    assertEquals(
        "HeapAtlas needs Java 25 or newer, and there is Java 17 in '%s', which the preferences name."
            .formatted(old),
        refusal.getMessage());
  }

  @Test
  void whereThereIsNoneItSaysWhatItSaw() throws Exception {
    Path old = home("old", 21);
    CoreException refusal = assertThrows(CoreException.class, () -> find("", old, Map.of()));
    assertEquals(
        "HeapAtlas needs Java 25 or newer, and there is only Java 21 (the workbench's own)."
            + " Install one, or name its folder in the preferences, HeapAtlas.",
        refusal.getMessage());
    CoreException none =
        assertThrows(CoreException.class, () -> find("", folder.resolve("none"), Map.of()));
    assertEquals(
        "HeapAtlas needs Java 25 or newer, and there is none."
            + " Install one, or name its folder in the preferences, HeapAtlas.",
        none.getMessage());
  }
}
