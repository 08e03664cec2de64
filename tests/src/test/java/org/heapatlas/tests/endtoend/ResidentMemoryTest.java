package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.Region;
import org.heapatlas.proto.RegionsRequest;
import org.junit.jupiter.api.Test;

/**
 * RSS and PSS of a session, and of all regions together, are what the kernel says of the process
 * itself in smaps_rollup. The program stands still while they are compared, so that both are of one
 * moment; a reading of the collector's may be from before, and is awaited.
 */
class ResidentMemoryTest {
  private static final int SECONDS_OF_LOAD = 600;
  private static final long MANY_ALLOCATIONS = 100_000;

  /** The kernel rounds each region's PSS down to it; the rollup is rounded once. */
  private static final long KIB = 1024;

  private record Kernel(long rss, long pss) {
    static Kernel of(Process process) throws IOException {
      Path rollup = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
      List<String> lines = Files.readAllLines(rollup);
      return new Kernel(figure(lines, "Rss:"), figure(lines, "Pss:"));
    }

    private static long figure(List<String> lines, String name) {
      String line = lines.stream().filter(each -> each.startsWith(name)).findFirst().orElseThrow();
      return KIB * Long.parseLong(line.replaceAll("\\D", ""));
    }
  }

  @Test
  void whatIsResidentOfRedisUnderLoadIsWhatTheKernelSays() throws Exception {
    try (TestNode node = TestNode.start();
        Collector collector = node.connect()) {
      Redis server = Redis.onFreePort();
      Process redis = server.start(node, node.environment(""));
      Kernel empty = Kernel.of(redis);
      server.load(node, SECONDS_OF_LOAD);
      ProcessInfo seen = node.await(info -> info.getPid() == redis.pid(), MANY_ALLOCATIONS);
      try (Adapter adapter = Adapter.start(Map.of("HEAPATLAS_DIR", node.folder().toString()))) {
        adapter.ask("initialize", Map.of("adapterID", "tests"));
        adapter.ask("attach", Map.of("pid", redis.pid()));
        adapter.ask("configurationDone", Map.of());
        JsonNode threads = adapter.ask("threads", Map.of()).path("threads");
        Map<String, Long> thread = Map.of("threadId", threads.path(0).path("id").asLong());

        adapter.ask("pause", thread);
        Await.until("redis stands still", () -> standsStill(redis));
        expectTheKernels(adapter, collector, seen.getProcess(), redis);
        assertThat(Kernel.of(redis).rss()).as("the load is in memory").isGreaterThan(empty.rss());

        long before = allocations(collector, seen);
        adapter.ask("continue", thread);
        Await.until("redis goes on", () -> allocations(collector, seen) > 2 * before);
        adapter.ask("pause", thread);
        Await.until("redis stands still", () -> standsStill(redis));
        expectTheKernels(adapter, collector, seen.getProcess(), redis);

        adapter.ask("continue", thread);
        assertThat(adapter.leave()).isZero();
      }
    }
  }

  private static long allocations(Collector collector, ProcessInfo process) {
    return collector.summary(process.getProcess(), false).getAllocations();
  }

  /** Every thread of it. */
  private static boolean standsStill(Process process) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
      for (Path task : tasks.toList()) {
        String stat = Files.readString(task.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
    }
    return true;
  }

  private static void expectTheKernels(
      Adapter adapter, Collector collector, long process, Process program) {
    Await.until(
        "the session's RSS and PSS are the kernel's",
        () -> {
          Map<String, JsonNode> figures = adapter.figures();
          List<Region> regions = regions(collector, process);
          return isTheKernels(
              figures.get("rssBytes").path("value").asLong(),
              figures.get("pssBytes").path("value").asLong(),
              regions.size(),
              Kernel.of(program));
        });
    Await.until(
        "RSS and PSS of all regions are the kernel's",
        () -> {
          List<Region> regions = regions(collector, process);
          return isTheKernels(
              regions.stream().mapToLong(Region::getRssBytes).sum(),
              regions.stream().mapToLong(Region::getPssBytes).sum(),
              regions.size(),
              Kernel.of(program));
        });
  }

  private static List<Region> regions(Collector collector, long process) {
    return collector
        .calls()
        .regions(RegionsRequest.newBuilder().setProcess(process).build())
        .getRegionsList();
  }

  private static boolean isTheKernels(long rss, long pss, int regions, Kernel kernel) {
    long roundedOff = kernel.pss() - pss;
    return rss == kernel.rss() && roundedOff >= 0 && roundedOff <= regions * KIB;
  }
}
