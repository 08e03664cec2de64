package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs nobody here wrote behave under HeapAtlas as they do alone, and their heap is seen. */
class RealProgramsTest {
  @TempDir static Path folder;

  static Stream<Arguments> programs() throws IOException {
    Path source = folder.resolve("hello.cc");
    Files.writeString(source, "#include <map>\n#include <string>\nint main() { std::map<int, std::string> m; return m.size(); }\n");
    return Stream.of(
        program("sqlite3", "sqlite3", ":memory:", "create table t(x); with recursive c(i) as (select 1 union all select i+1 from c where i<20000) insert into t select i*7919 from c; select count(*), sum(x) from t;"),
        program("python3", "/usr/bin/python3", "-c", "import json; print(len(json.dumps([str(i) * 9 for i in range(50000)])))"),
        program("a compiler", "g++", "-O1", "-c", source.toString(), "-o", folder.resolve("hello.o").toString()),
        program("a pipeline with fork and exec", "sh", "-c", "seq 1 20000 | sort -rn | head -3; (exit 5)"),
        program("redis-server's version", "redis-server", "--version"),
        program("a failing program", "ls", "/no/such/folder"));
  }

  private static Arguments program(String name, String... command) {
    return Arguments.of(name, List.of(command));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void exitsAndPrintsAsItDoesAlone(String name, List<String> command) throws Exception {
    Product.Result alone = Product.execute(command, Map.of());
    String[] run = Stream.concat(Stream.of("run", "--json", "--"), command.stream()).toArray(String[]::new);
    Product.Result watched = Product.heapatlas(run);

    assertThat(watched.status()).as("exit status; stderr: %s", watched.err()).isEqualTo(alone.status());
    assertThat(Arrays.copyOf(watched.out(), alone.out().length)).as("stdout").isEqualTo(alone.out());
    JsonNode summary = watched.json();
    assertThat(summary.path("events").asLong()).as("events").isPositive();
    assertThat(summary.path("lost").asLong()).as("lost").isZero();
    assertThat(summary.path("exitStatus").asInt()).isEqualTo(alone.status());
    assertThat(summary.path("sites").path(0).path("frames").size()).as("frames of the top site").isPositive();
  }

  /** More than a collector keeps once they have ended. */
  @Test
  void aScriptWithManyShortProcessesIsSummarisedAndSaysHowManyAreNotShown() throws Exception {
    String script = "i=0; while [ $i -lt 120 ]; do (:); i=$((i+1)); done; (exit 9)";
    Product.Result watched = Product.heapatlas("run", "--json", "--", "sh", "-c", script);
    assertThat(watched.status()).as("stderr: %s", watched.err()).isEqualTo(9);
    assertThat(watched.json().path("events").asLong()).as("events of the script itself").isPositive();
    assertThat(watched.err()).doesNotContain("knows no process").containsPattern("; \\d+ that ended before them are not shown");
  }
}
