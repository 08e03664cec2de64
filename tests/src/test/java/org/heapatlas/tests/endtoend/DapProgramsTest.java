package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole debug sessions on programs nobody here wrote. Each program waits at a gate, a pipe, until
 * the views were opened while it lives; then it runs to its end and must print and exit as it does
 * alone.
 */
class DapProgramsTest {
  private static final String SELECT =
      "create table t(x); with recursive c(i) as (select 1 union all select i+1 from c where i<20000) insert into t select"
          + " i*7919 from c; select count(*), sum(x), 'größer' from t; select * from missing;";
  private static final String DUMP =
      "import json, sys; open(sys.argv[1]).read(); [print(i, 'äöü€😀', json.dumps([i] * 9)) for i in range(3000)];"
          + " sys.exit('done')";
  private static final String COMPILE =
      "cat \"$1\"; exec g++ -fdiagnostics-color=never -fsyntax-only \"$2\"";
  private static final String REDIS =
      "exec redis-server --port 0 --unixsocket \"$1.sock\" --save '' --daemonize no --logfile \"$1.log\" & while ! redis-cli -s"
          + " \"$1.sock\" ping; do :; done >/dev/null 2>&1; cat \"$1\"; redis-cli -s \"$1.sock\" set key value; redis-cli -s"
          + " \"$1.sock\" get key; redis-cli -s \"$1.sock\" shutdown nosave; wait $!; echo status $?";

  @TempDir static Path folder;

  static Stream<Arguments> programs() throws IOException {
    Path source = folder.resolve("wrong.cc");
    Files.writeString(
        source,
        "#include <map>\n#include <string>\nint main() { std::map<int, std::string> m; return m; }\n");
    return Stream.of(
        program("sqlite3", "sqlite3", ":memory:", ".read GATE", SELECT),
        program("python3", "/usr/bin/python3", "-c", DUMP, "GATE"),
        program("a compiler", "sh", "-c", COMPILE, "sh", "GATE", source.toString()),
        program(
            "a pipeline with fork and exec",
            "sh",
            "-c",
            "(cat \"$1\"; seq 1 20000) | sort -rn | head -300; (exit 5)",
            "sh",
            "GATE"),
        program("a session with redis-server", "sh", "-c", REDIS, "sh", "GATE"));
  }

  private static Arguments program(String name, String... command) {
    return Arguments.of(name, List.of(command));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void aSessionShowsItsViewsAndLeavesTheProgramAsItIsAlone(String name, List<String> command)
      throws Exception {
    Path open = Files.writeString(Files.createTempFile(folder, "open", ""), "");
    Product.Result alone = Product.execute(through(command, open), Map.of());

    Path gate = folder.resolve("gate" + open.getFileName());
    assertThat(Product.execute(List.of("mkfifo", gate.toString()), Map.of()).status()).isZero();
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "tests", "clientID", "tests"));
      adapter.await("initialized");
      List<String> words = through(command, gate);
      adapter.ask(
          "launch", Map.of("program", words.getFirst(), "args", words.subList(1, words.size())));
      adapter.ask("configurationDone", Map.of());
      long pid = adapter.await("process").path("systemProcessId").asLong();

      expectViews(adapter);
      assertThat(ProcessHandle.of(pid)).as("the program while its views are open").isPresent();
      assertThat(adapter.events("exited")).isEmpty();

      assertThat(
              Product.execute(List.of("sh", "-c", ": >\"$0\"", gate.toString()), Map.of()).status())
          .as("the gate")
          .isZero();
      adapter.await("terminated");
      assertThat(adapter.await("exited").path("exitCode").asInt()).isEqualTo(alone.status());
      assertThat(adapter.output("stdout").getBytes(StandardCharsets.UTF_8))
          .as("stdout")
          .isEqualTo(alone.out());
      assertThat(adapter.output("stderr")).as("stderr").isEqualTo(alone.err());
      assertThat(adapter.leave()).as("the adapter's own status").isZero();
    }
  }

  private static List<String> through(List<String> command, Path gate) {
    return command.stream().map(word -> word.replace("GATE", gate.toString())).toList();
  }

  /** Every view opens with a live frame of its widget, and closes. */
  private static void expectViews(Adapter adapter) throws Exception {
    List<String> widgets = new ArrayList<>();
    for (JsonNode view : adapter.ask("heapatlas/views", Map.of()).path("views")) {
      JsonNode frame = adapter.frame(view.path("id").asText());
      assertThat(frame.path("error").asText()).as(view.path("id").asText()).isEmpty();
      assertThat(frame.path("widget").asText()).isEqualTo(view.path("widget").asText());
      assertThat(frame.path("time").path("live").asBoolean()).as("live").isTrue();
      widgets.add(frame.path("widget").asText());
    }
    assertThat(widgets).contains("keyFigures", "heatmap", "table", "chart");
  }
}
