package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a recorded shell pipeline every process can be exported, alone or told from the others. */
class ExportedProcessesTest {
  private static final String PIPELINE =
      """
      sqlite3 :memory: "with recursive c(i) as (select 1 union all select i+1 from c where i<2000) select i*7919 from c" |
        sort -n |
        /usr/bin/python3 -c 'import os, sys; lines = sys.stdin.readlines(); os._exit(0)'
      """;

  /** A program under its PID: a child of the shell is its copy first, and then what it executes. */
  private record Program(long process, int pid, long started, long liveBytes) {
    static Program of(JsonNode row) {
      return new Program(
          row.path("process").asLong(),
          row.path("pid").asInt(),
          row.path("started").asLong(),
          row.path("bytes").asLong());
    }
  }

  @TempDir static Path folder;
  private static Path recording;
  private static final List<Program> PROGRAMS = new ArrayList<>();

  /** The last program under each PID. */
  private static final Map<Integer, Program> LAST = new LinkedHashMap<>();

  /** By the outermost frame of its stacks, the live bytes. */
  private static final Map<String, Long> ROOTS = new LinkedHashMap<>();

  @BeforeAll
  static void record() throws Exception {
    recording = folder.resolve("recording");
    Product.Result recorded =
        TestNode.alone(List.of("record", "-o", recording.toString(), "--", "sh", "-c", PIPELINE));
    assertThat(recorded.status()).as(recorded.err()).isZero();
    String sql =
        "SELECT process, any_value(pid) AS pid, any_value(started) AS started, coalesce(sum(size), 0)::BIGINT AS bytes"
            + " FROM processes LEFT JOIN live_at(%d) USING (process) GROUP BY ALL ORDER BY process";
    Product.heapatlas("query", recording.toString(), sql.formatted(Long.MAX_VALUE), "--json")
        .json()
        .forEach(row -> PROGRAMS.add(Program.of(row)));
    PROGRAMS.forEach(program -> LAST.put(program.pid(), program));
    assertThat(LAST).as("the shell and its three children").hasSizeGreaterThanOrEqualTo(4);

    for (String line : export("collapsed").text().lines().toList()) {
      ForeignReaders.Line stack = ForeignReaders.Line.parse(line);
      ROOTS.merge(stack.stack().split(";", 2)[0], stack.cost(), Long::sum);
    }
  }

  private static Product.Result export(String format, String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("export", recording.toString(), "--to", format));
    words.addAll(List.of(more));
    Product.Result result = Product.heapatlas(words.toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
    return result;
  }

  @Test
  void stacksStandUnderAFrameOfTheirProcess() {
    assertThat(ROOTS.values())
        .containsExactlyInAnyOrderElementsOf(
            PROGRAMS.stream().map(Program::liveBytes).filter(bytes -> bytes > 0).toList());
  }

  @Test
  void aProcessOfAnyTitleHasAHeaptrackFileOfItsOwn() throws Exception {
    for (Map.Entry<String, Long> process : ROOTS.entrySet().stream().limit(3).toList()) {
      assertThat(leaked(process.getKey())).as(process.getKey()).isEqualTo(process.getValue());
    }
  }

  @Test
  void aPidIsTheLastProgramUnderIt() throws Exception {
    Program last = LAST.values().stream().toList().getLast();
    String pid = Integer.toString(last.pid());
    assertThat(leaked(pid)).isEqualTo(last.liveBytes());
    assertThat(export("csv", "--process", pid).text().lines().skip(1))
        .isNotEmpty()
        .allMatch(line -> line.startsWith(last.process() + ","));
  }

  private static long leaked(String process) throws Exception {
    Path file = folder.resolve("heaptrack of " + process);
    assertThat(export("heaptrack", "--process", process, "-o", file.toString()).err()).isEmpty();
    return ForeignReaders.heaptrackPrint(file, "leaked").stream()
        .mapToLong(ForeignReaders.Line::cost)
        .sum();
  }

  @Test
  void whoNamesNoProcessHearsWhichOneWasTakenAndWhichThereAre() throws Exception {
    Path file = folder.resolve("unnamed");
    String said = export("heaptrack", "-o", file.toString()).err();
    assertThat(Files.readAllLines(file).get(1)).startsWith("X sh -c sqlite3 :memory: ");
    assertThat(said.lines())
        .singleElement()
        .asString()
        .contains(ROOTS.keySet())
        .contains("holds one process", "sh[" + PROGRAMS.getFirst().pid() + "]", "--process");
  }

  @Test
  void aProcessThatWasNotRecordedIsRefusedInOneSentence() throws Exception {
    Product.Result refused =
        Product.heapatlas("export", recording.toString(), "--to", "csv", "--process", "1");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err().lines()).singleElement().asString().contains(ROOTS.keySet());
  }

  @Test
  void allTracksAreOnTheClockOfTheFirstProcess() throws Exception {
    Path file = folder.resolve("trace.json");
    export("perfetto", "-o", file.toString());
    JsonNode tracks = ForeignReaders.traceEvents(file);
    assertThat(tracks).hasSameSizeAs(LAST.keySet());
    long beginning = PROGRAMS.getFirst().started();
    for (JsonNode track : tracks) {
      Program last = LAST.get(track.path("pid").asInt());
      assertThat(track.path("last").path("live_bytes").asLong()).isEqualTo(last.liveBytes());
      assertThat(track.path("end").asDouble() * 1000)
          .isGreaterThanOrEqualTo(last.started() - beginning);
    }
  }
}
