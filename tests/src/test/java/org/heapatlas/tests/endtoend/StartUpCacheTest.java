package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An installed server, which an IDE starts by its jars, makes what lets it start sooner. */
class StartUpCacheTest {
  @TempDir private Path folder;

  @Test
  void aSessionLeavesACacheThatLaterOnesStartFrom() throws Exception {
    Path cache = folder.resolve("start-up.aot");
    session("-Dheapatlas.startUp=" + cache);
    Await.until("the cache", () -> Files.exists(cache));
    // The mode 'on' refuses to start with a cache that does not fit.
    session("-XX:AOTCache=" + cache, "-XX:AOTMode=on", "-Xlog:disable", "-Xlog:all=off");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("start-up.aot", "start-up.aot.tried");
    }
  }

  private static void session(String... flags) throws Exception {
    try (Adapter adapter = Adapter.start(script -> server(flags))) {
      assertThat(adapter.ask("initialize", Map.of("adapterID", "test")).size()).isPositive();
      assertThat(adapter.leave()).isZero();
    }
  }

  /** As an IDE starts it. */
  private static List<String> server(String... flags) {
    List<String> words = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    words.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    words.addAll(List.of(flags));
    words.addAll(List.of("-cp", jars(), "org.heapatlas.Main", "dap"));
    return words;
  }

  private static String jars() {
    File[] all = Product.root().resolve("dap-server/target/app").toFile().listFiles();
    return Stream.of(all)
        .map(File::toString)
        .filter(name -> name.endsWith(".jar"))
        .sorted()
        .collect(Collectors.joining(File.pathSeparator));
  }
}
