package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs nobody here wrote behave under HeapAtlas as they do alone, and their heap is seen. */
class RealProgramsTest {
  private static final Pattern BRIEF = Pattern.compile("── .*: [\\d,]+ events, peak .*");
  private static final Pattern NOT_SHOWN = Pattern.compile("; (\\d+) others are not shown");

  @TempDir static Path folder;

  static Stream<Arguments> programs() throws IOException {
    Path source = folder.resolve("hello.cc");
    Files.writeString(
        source,
        "#include <map>\n#include <string>\nint main() { std::map<int, std::string> m; return m.size(); }\n");
    return Stream.of(
        program(
            "sqlite3",
            "sqlite3",
            ":memory:",
            "create table t(x); with recursive c(i) as (select 1 union all select i+1 from c where i<20000) insert into t select i*7919 from c; select count(*), sum(x) from t;"),
        program(
            "python3",
            "/usr/bin/python3",
            "-c",
            "import json; print(len(json.dumps([str(i) * 9 for i in range(50000)])))"),
        program(
            "a compiler",
            "g++",
            "-O1",
            "-c",
            source.toString(),
            "-o",
            folder.resolve("hello.o").toString()),
        program(
            "a pipeline with fork and exec",
            "sh",
            "-c",
            "seq 1 20000 | sort -rn | head -3; (exit 5)"),
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
    String[] run =
        Stream.concat(Stream.of("run", "--json", "--"), command.stream()).toArray(String[]::new);
    Product.Result watched = Product.heapatlas(run);

    assertThat(watched.status())
        .as("exit status; stderr: %s", watched.err())
        .isEqualTo(alone.status());
    assertThat(Arrays.copyOf(watched.out(), alone.out().length))
        .as("stdout")
        .isEqualTo(alone.out());
    JsonNode summary = watched.json();
    assertThat(summary.path("events").asLong()).as("events").isPositive();
    assertThat(summary.path("lost").asLong()).as("lost").isZero();
    assertThat(summary.path("exitStatus").asInt()).isEqualTo(alone.status());
    assertThat(summary.path("findings")).as("findings").isEmpty();
    assertThat(summary.path("sites").path(0).path("frames").size())
        .as("frames of the top site")
        .isPositive();
  }

  /** The allocators of containers are in the stack, but not what a site is called. */
  @Test
  void memoryOfContainersIsNamedByWhoUsesThem() throws Exception {
    Path program = Product.compile(folder, "containers.cc", "-std=c++20");
    Product.Result text = Product.heapatlas("run", "--", program.toString(), "keep");
    assertThat(text.err().lines().filter(line -> line.matches(" +[\\d.]+ \\w+ in .*")).toList())
        .as("sites, in: %s", text.err())
        .hasSize(10)
        .anyMatch(line -> line.contains("main via std::vector<double>::vector  /"))
        .anyMatch(
            line ->
                line.contains(
                    "store::Cache<std::string, std::vector<double>>::put via std::make_shared<"))
        .anyMatch(
            line ->
                line.contains(
                    "::put via std::map<std::string, std::shared_ptr<std::vector<double>>>::"))
        .anyMatch(
            line -> line.contains("main via std::list<(anonymous namespace)::Point>::push_back  /"))
        .anyMatch(line -> line.contains("grown via std::string::operator+=  /"))
        .noneMatch(line -> line.contains("allocator::"));

    JsonNode sites =
        Product.heapatlas("run", "--json", "--", program.toString(), "keep").json().path("sites");
    assertThat(sites.findValuesAsText("function"))
        .as("the stacks are whole")
        .contains(
            "std::__new_allocator<double>::allocate(unsigned long, void const*)",
            "std::allocator_traits<std::allocator<double> >::allocate(std::allocator<double>&, unsigned long)",
            "main");
  }

  /**
   * More than a collector keeps once they have ended; each says its own number, so that it is known
   * how many a shell really starts.
   */
  @Test
  void aScriptWithManyShortProcessesIsSummarisedAndSaysHowManyAreNotShown() throws Exception {
    Path numbers = folder.resolve("numbers");
    String tell = "read pid rest </proc/self/stat; echo $pid >>\"$0\"";
    String script =
        tell
            + "; i=0; while [ $i -lt 120 ]; do ("
            + tell
            + "); i=$((i+1)); done; ("
            + tell
            + "; exit 9)";
    Product.Result watched =
        Product.heapatlas("run", "--json", "--", "sh", "-c", script, numbers.toString());
    assertThat(watched.status()).as("stderr: %s", watched.err()).isEqualTo(9);
    assertThat(watched.json().path("events").asLong())
        .as("events of the script itself")
        .isPositive();

    long started = Files.readAllLines(numbers).stream().distinct().count() - 1;
    long shown = watched.err().lines().filter(line -> BRIEF.matcher(line).matches()).count();
    long notShown =
        NOT_SHOWN.matcher(watched.err()).results().mapToLong(m -> Long.parseLong(m.group(1))).sum();
    assertThat(started).as("processes beside the script").isGreaterThanOrEqualTo(120);
    assertThat(shown + notShown).as("processes told of, in: %s", watched.err()).isEqualTo(started);
    assertThat(watched.err()).doesNotContain("knows no process");
  }
}
