package org.heapatlas.collector;

import java.nio.file.Files;
import java.nio.file.Path;
import org.heapatlas.model.Problem;

/** Where the built native programs are; the folder is named by the start script. */
public record NativeFiles(Path folder) {
  public static NativeFiles ofProperties() {
    return new NativeFiles(
        Path.of(System.getProperty("heapatlas.native", "native-bridge/build/bin"))
            .toAbsolutePath());
  }

  public boolean present() {
    return Files.isExecutable(folder.resolve("heapatlas-collector"));
  }

  public Path collector() {
    return existing("heapatlas-collector");
  }

  public Path launch() {
    return existing("heapatlas-launch");
  }

  public Path runtime() {
    return existing("libheapatlas-runtime.so");
  }

  private Path existing(String name) {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      throw Problem.failed(
          "'%s' is missing; build the native side (./heapatlas does) first".formatted(file));
    }
    return file;
  }
}
