package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Shared memory that is full, fills up, may not be written or is not there. Each test has a
 * /dev/shm of its own, in a mount namespace that its commands alone see.
 */
class SharedMemoryTest {
  private static final int STATUS = 3;
  private static final List<String> LOSSES =
      List.of(
          "foldedInGaps",
          "damagedRecords",
          "refusedByTable",
          "droppedByRuntime",
          "skippedBesideHeap");
  private static final String FOLDER = "/dev/shm/heapatlas-0";
  private static final List<String> PROGRAM = List.of("sh", "-c", "seq 1 3; exit " + STATUS);

  /** Threads that allocate next to each other, each with a ring of its own, and release all. */
  private static final String MANY_THREADS =
      """
      #include <cstdio>
      #include <cstdlib>
      #include <thread>
      #include <vector>
      int main() {
        std::vector<std::thread> threads;
        for (int i = 0; i < 64; ++i)
          threads.emplace_back([] {
            for (int k = 1; k < 20000; ++k) free(malloc(k % 1000 + 1));
          });
        for (std::thread& thread : threads) thread.join();
        puts("done");
        return 3;
      }
      """;

  @TempDir Path folder;

  private static List<String> within(String mount, List<String> command) {
    List<String> all = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
    all.add(mount + " && unset HEAPATLAS_DIR && exec \"$@\"");
    all.add("sh");
    all.addAll(command);
    return all;
  }

  private static Product.Result run(String mount, List<String> program) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Product.root().resolve("heapatlas").toString(), "run", "--json", "--"));
    command.addAll(program);
    return Product.execute(within(mount, command), Map.of());
  }

  private static String ofSize(String size) {
    return "mount -t tmpfs -o size=%s tmpfs /dev/shm".formatted(size);
  }

  @Test
  void aFullOneIsSaidInOneSentenceAndTheProgramRunsAsItDoesAlone() throws Exception {
    Product.Result result = run(ofSize("64k"), PROGRAM);

    assertThat(result.status()).as(result.err()).isEqualTo(STATUS);
    assertThat(result.text()).startsWith("1\n2\n3\n");
    assertThat(result.err().strip().lines()).as(result.err()).hasSize(1);
    assertThat(result.err()).contains("no memory", FOLDER, "No space left", "HEAPATLAS_DIR");
    assertThat(result.json().path("exitStatus").asInt()).isEqualTo(STATUS);
  }

  @Test
  void aFullOneIsSaidToADebugAdaptersClientAndTheProgramRunsAsItDoesAlone() throws Exception {
    Path gate = folder.resolve("gate");
    assertThat(Product.execute(List.of("mkfifo", gate.toString()), Map.of()).status()).isZero();
    try (Adapter adapter = Adapter.start(word -> within(ofSize("64k"), word))) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      String script = "cat \"$1\"; exit " + STATUS;
      adapter.ask(
          "launch", Map.of("program", "sh", "args", List.of("-c", script, "sh", gate.toString())));
      adapter.ask("configurationDone", Map.of());
      assertThat(adapter.output("important"))
          .as("while it runs")
          .containsOnlyOnce("no memory")
          .contains(FOLDER, "HEAPATLAS_DIR");

      Files.writeString(gate, "through\n");
      adapter.await("terminated");
      assertThat(adapter.await("exited").path("exitCode").asInt()).isEqualTo(STATUS);
      assertThat(adapter.output("stdout")).isEqualTo("through\n");
      assertThat(adapter.output("stderr")).isEmpty();
      assertThat(adapter.output("important")).containsOnlyOnce("no memory");
      assertThat(adapter.leave()).isZero();
    }
  }

  /** From no room for the first ring's records to room for all but the last threads' rings. */
  @ParameterizedTest
  @CsvSource({"300k", "600k", "4m"})
  void oneThatFillsUpIsAVisibleGapAndTheProgramIsUntouched(String size) throws Exception {
    Path source = Files.writeString(folder.resolve("threads.cc"), MANY_THREADS);
    Path program = folder.resolve("threads");
    List<String> compiler =
        List.of("g++", "-O0", "-pthread", "-o", program.toString(), source.toString());
    assertThat(Product.execute(compiler, Map.of()).status()).isZero();

    Product.Result result = run(ofSize(size), List.of(program.toString()));

    assertThat(result.status()).as(result.err()).isEqualTo(STATUS);
    assertThat(result.text()).startsWith("done\n");
    JsonNode summary = result.json();
    JsonNode coverage = summary.path("coverage");
    assertThat(summary.path("lost").asLong())
        .as("lost, in: %s", coverage)
        .isPositive()
        .isEqualTo(LOSSES.stream().mapToLong(each -> coverage.path(each).longValue()).sum());
    assertThat(result.err()).contains("   lost     ");
    assertThat(coverage.path("notices").toString()).contains(FOLDER, "no room", "HEAPATLAS_DIR");
    assertThat(result.err()).contains("no room");
  }

  /** Nothing can meet there, so nothing is started. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mount -t tmpfs -o ro tmpfs /dev/shm | Read-only file system",
        "mount -t tmpfs -o size=1,nr_inodes=1 tmpfs /dev/shm | No space left",
        "mkdir $0.dev && mount --bind $0.dev /dev && touch /dev/null | does not exist",
      })
  void oneThatCannotBeUsedIsRefusedInOneSentence(String mount, String why) throws Exception {
    Product.Result result = run(mount.replace("$0", folder.toString()), PROGRAM);

    assertThat(result.status()).as(result.err()).isEqualTo(1);
    assertThat(result.err().strip().lines()).as(result.err()).hasSize(1);
    assertThat(result.err()).contains(FOLDER, why, "HEAPATLAS_DIR").doesNotContain("Exception");
  }
}
