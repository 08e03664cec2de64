package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.heapatlas.proto.Allocation;
import org.heapatlas.proto.Coverage;
import org.heapatlas.proto.Gap;
import org.heapatlas.proto.Losses;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.ResolveRequest;
import org.heapatlas.proto.Stack;
import org.heapatlas.proto.Summary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The collector's live table is the program's own list of what is live: address by address and size
 * by size. The property heapatlas.truth.operations sets how many operations each program does;
 * 10,000,000 is the full size.
 */
class TruthTest {
  private static final long OPERATIONS = Long.getLong("heapatlas.truth.operations", 1_000_000);
  private static final int TRUTH_STATUS = 7;
  private static final int STANDSTILL_SECONDS = 2;

  /** A collector lists the latest. */
  private static final int MOST_LISTED_GAPS = 1000;

  /** So many fill a ring while the collector stands still. */
  private static final long LEAST_OPERATIONS_A_PHASE = 100_000;

  /**
   * What the C and C++ libraries hold for themselves: threads' tables, stdio's buffers, the
   * exceptions' reserve.
   */
  private static final int MOST_LIBRARY_BLOCKS = 100;

  @TempDir static Path folder;
  private static Path program;

  @BeforeAll
  static void compile() throws Exception {
    program = Product.compile(folder, "truth.cc");
  }

  static Stream<Arguments> programs() {
    Map<String, String> allocators = new TreeMap<>();
    allocators.put("glibc", "");
    allocators.put("jemalloc", "libjemalloc.so.2");
    allocators.put("mimalloc", "libmimalloc.so.2");
    allocators.put("tcmalloc", "libtcmalloc_minimal.so.4");
    return allocators.entrySet().stream()
        .flatMap(
            each ->
                Stream.of(1, 2, 8)
                    .map(threads -> Arguments.of(each.getKey(), threads, each.getValue())));
  }

  static Stream<Arguments> programsOfSeveralThreads() {
    return programs().filter(arguments -> (int) arguments.get()[1] > 1);
  }

  @ParameterizedTest(name = "{0}, {1} threads")
  @MethodSource("programs")
  void theLiveTableIsTheProgramsOwnList(String allocator, int threads, String library)
      throws Exception {
    try (TestNode node = TestNode.start();
        Collector collector = node.connect()) {
      expectTruthAtExit(node, collector, startTruth(node, library, threads, OPERATIONS, 1));
    }
  }

  /**
   * A thread that works alone writes its events without what orders them among threads, until
   * another one comes.
   */
  @ParameterizedTest(name = "{0}, {1} threads")
  @MethodSource("programsOfSeveralThreads")
  void theLiveTableIsRightWhenThreadsWorkAloneInTurns(String allocator, int threads, String library)
      throws Exception {
    try (TestNode node = TestNode.start();
        Collector collector = node.connect()) {
      expectTruthAtExit(
          node, collector, startTruth(node, library, threads, OPERATIONS, 1, "turns"));
    }
  }

  @ParameterizedTest(name = "{0}, {1} threads")
  @MethodSource("programs")
  void theMapIsRightAgainAfterTheCollectorStoodStill(String allocator, int threads, String library)
      throws Exception {
    try (TestNode node = TestNode.start();
        Collector collector = node.connect()) {
      Process truth =
          startTruth(
              node,
              library,
              threads,
              Math.max(OPERATIONS, 3L * threads * LEAST_OPERATIONS_A_PHASE),
              3);
      ProcessInfo process = collector.await(info -> info.getPid() == truth.pid());
      try (BufferedReader said = truth.inputReader()) {
        assertThat(said.readLine()).isEqualTo("phase 1");

        TestNode.signal(node.collectorProcess().toHandle(), "STOP");
        long stopped = System.nanoTime();
        goOn(truth);
        assertThat(said.readLine())
            .as("the program goes on while the collector stands still")
            .isEqualTo("phase 2");
        long left = TimeUnit.SECONDS.toNanos(STANDSTILL_SECONDS) - (System.nanoTime() - stopped);
        TimeUnit.NANOSECONDS.sleep(left);
        TestNode.signal(node.collectorProcess().toHandle(), "CONT");

        goOn(truth);
        assertThat(said.readLine()).isEqualTo("done");
      }
      assertThat(truth.waitFor()).isEqualTo(TRUTH_STATUS);

      Summary summary = collector.summary(process.getProcess(), true);
      List<Gap> gaps = summary.getCoverage().getGapsList();
      assertThat(gaps)
          .as("gaps")
          .isNotEmpty()
          .allSatisfy(gap -> assertThat(gap.getFrom()).isLessThan(gap.getTo()));
      expectLosses(summary.getCoverage());
      expectTruth(node, collector, summary);
    }
  }

  /** Every gap is listed, and nothing was lost but what an exact map does not need. */
  private static void expectLosses(Coverage coverage) {
    Losses losses = coverage.getLosses();
    assertThat(coverage.getGapsCount()).as("gaps").isLessThan(MOST_LISTED_GAPS);
    assertThat(losses.getFoldedInGaps())
        .as("events folded in gaps")
        .isPositive()
        .isEqualTo(coverage.getGapsList().stream().mapToLong(Gap::getEvents).sum());
    assertThat(losses.getDamagedRecords()).as("damaged").isZero();
    assertThat(losses.getRefusedByTable()).as("refused").isZero();
    assertThat(losses.getDroppedByRuntime()).as("dropped").isZero();
    assertThat(coverage.getLost())
        .as("events whose detail is gone")
        .isEqualTo(losses.getFoldedInGaps() + losses.getSkippedBesideHeap());
  }

  private static Process startTruth(
      TestNode node, String library, int threads, long operations, int phases, String... options)
      throws IOException {
    String allocator = library.isEmpty() ? "" : "/usr/lib/x86_64-linux-gnu/" + library;
    assertThat(allocator.isEmpty() || Files.exists(Path.of(allocator)))
        .as(allocator + " is installed")
        .isTrue();
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                Integer.toString(threads),
                Long.toString(operations / threads),
                node.folder().resolve("list").toString(),
                Integer.toString(phases)));
    // mimalloc 2.0.9 alone crashes now and then when threads release each other's aligned blocks.
    if (library.startsWith("libmimalloc") && threads > 1) {
      command.add("plain");
    }
    command.addAll(List.of(options));
    return node.start(command, node.environment(allocator));
  }

  private static void goOn(Process truth) throws IOException {
    truth.getOutputStream().write('\n');
    truth.getOutputStream().flush();
  }

  private static void expectTruthAtExit(TestNode node, Collector collector, Process truth)
      throws Exception {
    ProcessInfo process = collector.await(info -> info.getPid() == truth.pid());
    assertThat(truth.waitFor()).isEqualTo(TRUTH_STATUS);

    Summary summary = collector.summary(process.getProcess(), true);
    assertThat(summary.getCoverage().getLost()).as("lost").isZero();
    assertThat(summary.getCoverage().getGapsList()).as("gaps").isEmpty();
    expectTruth(node, collector, summary);
  }

  private static void expectTruth(TestNode node, Collector collector, Summary summary)
      throws IOException {
    List<Allocation> live = collector.allocations(summary.getProcess().getProcess());
    Set<Long> ours = sitesOfWork(collector, summary.getProcess().getProcess(), live);
    Map<Long, Long> seen = new HashMap<>();
    live.stream()
        .filter(block -> ours.contains(block.getSite()))
        .forEach(block -> seen.put(block.getAddress(), block.getSize()));
    Map<Long, Long> told = list(node.folder().resolve("list"));

    assertThat(told).as("the program's list").hasSizeGreaterThan(1000);
    assertThat(differences(told, seen)).as("blocks that differ, of %d", told.size()).isEmpty();
    assertThat(live.size() - seen.size())
        .as("blocks of the libraries")
        .isLessThan(MOST_LIBRARY_BLOCKS);
    assertThat(summary.getCoverage().getExact()).as("exact").isTrue();
    assertThat(summary.getCoverage().getUnknownFrees()).as("unknown releases").isZero();
    assertThat(summary.getLiveAllocations()).isEqualTo(live.size());
    assertThat(summary.getLiveBytes())
        .isEqualTo(live.stream().mapToLong(Allocation::getSize).sum());
  }

  private static List<String> differences(Map<Long, Long> told, Map<Long, Long> seen) {
    Set<Long> addresses = new TreeSet<>(told.keySet());
    addresses.addAll(seen.keySet());
    return addresses.stream()
        .filter(address -> !Objects.equals(told.get(address), seen.get(address)))
        .map(
            address ->
                "%x: the program says %s, the table %s"
                    .formatted(address, told.get(address), seen.get(address)))
        .toList();
  }

  /** The sites below the program's function that keeps the list. */
  private static Set<Long> sitesOfWork(
      Collector collector, long process, Collection<Allocation> live) {
    List<Long> sites = live.stream().map(Allocation::getSite).distinct().toList();
    List<Stack> stacks =
        collector
            .calls()
            .resolve(ResolveRequest.newBuilder().setProcess(process).addAllSites(sites).build())
            .getStacksList();
    return Stream.iterate(0, i -> i < sites.size(), i -> i + 1)
        .filter(
            i ->
                stacks.get(i).getFramesList().stream()
                    .anyMatch(frame -> frame.getFunction().contains("::work(")))
        .map(sites::get)
        .collect(Collectors.toSet());
  }

  private static Map<Long, Long> list(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(line -> line.split(" ", 2))
          .collect(
              Collectors.toMap(
                  words -> Long.parseLong(words[0], 16), words -> Long.parseLong(words[1])));
    }
  }
}
