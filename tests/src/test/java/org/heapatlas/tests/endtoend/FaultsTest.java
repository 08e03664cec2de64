package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.Summary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any part may be killed: the others go on, and what was recorded is not lost. */
class FaultsTest {
  private static final int TRUTH_STATUS = 7;

  @TempDir static Path folder;
  private static Path program;

  @BeforeAll
  static void compile() throws Exception {
    program = Product.compile(folder, "truth.cc");
  }

  @Test
  void whatAKilledProgramWroteIsInTheMap() throws Exception {
    try (TestNode node = TestNode.start();
        Collector collector = node.connect()) {
      Process truth = startTruth(node);
      ProcessInfo process = collector.await(info -> info.getPid() == truth.pid());
      try (BufferedReader said = truth.inputReader()) {
        assertThat(said.readLine()).isEqualTo("phase 1");
        TestNode.signal(node.collectorProcess().toHandle(), "STOP");
        truth.getOutputStream().write('\n');
        truth.getOutputStream().flush();
        assertThat(said.readLine()).isEqualTo("phase 2");
        truth.destroyForcibly().waitFor();
        TestNode.signal(node.collectorProcess().toHandle(), "CONT");
      }
      Summary summary = collector.summary(process.getProcess(), true);
      assertThat(summary.getCoverage().getExact()).isTrue();
      assertThat(summary.getLiveAllocations())
          .isGreaterThan(1000)
          .isEqualTo(collector.allocations(process.getProcess()).size());
      Await.until("the dead program's ring is removed", () -> rings(node) == 0);
    }
  }

  @Test
  void aProgramOutlivesItsCollectorAndTheNextOneTakesItsRingOver() throws Exception {
    try (TestNode node = TestNode.start()) {
      Process truth = startTruth(node);
      try (BufferedReader said = truth.inputReader();
          Collector first = node.connect()) {
        first.await(info -> info.getPid() == truth.pid());
        assertThat(said.readLine()).isEqualTo("phase 1");
        node.collectorProcess().destroyForcibly().waitFor();
        truth.getOutputStream().write('\n');
        truth.getOutputStream().flush();
        assertThat(said.readLine())
            .as("the program goes on without a collector")
            .isEqualTo("phase 2");

        node.startCollector();
        try (Collector second = node.connect()) {
          ProcessInfo again = second.await(info -> info.getPid() == truth.pid());
          truth.getOutputStream().write('\n');
          truth.getOutputStream().flush();
          assertThat(said.readLine()).isEqualTo("done");
          assertThat(truth.waitFor()).isEqualTo(TRUTH_STATUS);
          Summary summary = second.summary(again.getProcess(), true);
          assertThat(summary.getAllocations()).isPositive();
          assertThat(summary.getCoverage().getExact())
              .as("the map is known to be incomplete")
              .isFalse();
          assertThat(summary.getProcess().getNoticesList())
              .anyMatch(notice -> notice.contains("started again"));
        }
      }
    }
  }

  private static Process startTruth(TestNode node) throws IOException {
    List<String> command =
        List.of(program.toString(), "2", "300000", node.folder().resolve("list").toString(), "3");
    return node.start(command, node.environment(""));
  }

  private static long rings(TestNode node) throws IOException {
    try (Stream<Path> files = Files.list(node.folder().resolve("rings"))) {
      return files.count();
    }
  }
}
