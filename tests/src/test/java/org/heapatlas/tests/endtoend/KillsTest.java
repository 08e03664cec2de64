package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.RecordRequest;
import org.heapatlas.proto.RecordingStatus;
import org.heapatlas.proto.SessionRequest;
import org.heapatlas.proto.WatchProcessesRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The program, the collector or the server is killed with SIGKILL at a random moment of a
 * recording. The recording opens without repair, every event that was sealed is there and right,
 * and where something is missing a sentence says so. The property heapatlas.kills sets how many
 * rounds.
 */
class KillsTest {
  private static final int ROUNDS = Integer.getInteger("heapatlas.kills", 9);
  private static final long SEED = Long.getLong("heapatlas.kills.seed", 4711);
  private static final int LONGEST_MILLIS = 2500;
  private static final long MOST_SEALED = 20_000;
  private static final String BUSY_PYTHON =
      """
      import collections, time
      last = collections.deque(maxlen=500)
      while True:
          for i in range(1000):
              last.append(bytes(600 + i))
          time.sleep(0.001)
      """;

  private enum Victim {
    PROGRAM,
    COLLECTOR,
    SERVER
  }

  private enum Program {
    CHRONICLE,
    REDIS,
    PYTHON
  }

  record Round(int number, Victim victim, Program program) {
    @Override
    public String toString() {
      return "%d: the %s of %s".formatted(number, victim, program).toLowerCase(Locale.ROOT);
    }
  }

  @TempDir static Path folder;
  private static Path chronicle;
  private static long longestLoss;
  private static long events;
  private static int rounds;

  @BeforeAll
  static void compile() throws Exception {
    chronicle = Product.compile(folder, "chronicle.cc", "-std=c++20");
  }

  @AfterAll
  static void sayWhatWasLost() {
    System.out.printf(
        "%d rounds, %,d events; a killed collector lost at most the last %.0f ms of a chronicle%n",
        rounds, events, longestLoss / 1e6);
  }

  static Stream<Round> rounds() {
    Victim[] victims = Victim.values();
    Program[] programs = Program.values();
    return IntStream.range(0, ROUNDS)
        .mapToObj(
            i ->
                new Round(
                    i,
                    victims[i % victims.length],
                    programs[i / victims.length % programs.length]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rounds")
  void aRecordingHasAllThatWasSealed(Round round) throws Exception {
    Path here = Files.createDirectory(folder.resolve("round-" + round.number()));
    try (TestNode node = TestNode.start();
        Collector collector = node.connect()) {
      Killing killing = new Killing(round, here, node, collector);
      killing.begin();
      Await.until("events are sealed", () -> killing.status().getEvents() > killing.enough());
      TimeUnit.MILLISECONDS.sleep(killing.random.nextInt(LONGEST_MILLIS));
      killing.kill();
      killing.expectRecording();
    } finally {
      remove(here);
    }
  }

  /** Many rounds would fill the disk. */
  private static void remove(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** One round. */
  private static final class Killing {
    private final Round round;
    private final TestNode node;
    private final Collector collector;
    private final Random random;
    private final Path recording;
    private final Path log;
    private final Redis redis = Redis.onFreePort();
    private String session;
    private Process started;
    private long sealed;
    private long killedAt;

    Killing(Round round, Path here, TestNode node, Collector collector) throws IOException {
      this.round = round;
      this.node = node;
      this.collector = collector;
      this.random = new Random(SEED + round.number());
      this.recording = here.resolve("recording");
      this.log = here.resolve("log");
      this.session = "kills-" + round.number();
    }

    long enough() {
      return random.nextLong(MOST_SEALED);
    }

    RecordingStatus status() {
      return collector.calls().recordingOf(SessionRequest.newBuilder().setSession(session).build());
    }

    void begin() throws Exception {
      if (round.victim() == Victim.SERVER) {
        beginByServer();
      } else {
        collector
            .calls()
            .record(
                RecordRequest.newBuilder()
                    .setSession(session)
                    .setFolder(recording.toString())
                    .build());
        Map<String, String> environment = new HashMap<>(node.environment(""));
        environment.put("HEAPATLAS_SESSION", session);
        started = node.start(silent(command()), environment);
      }
      if (round.program() == Program.REDIS) {
        Await.until("redis answers", redis::answers);
        redis.load(node, (int) TimeUnit.MINUTES.toSeconds(2));
      }
    }

    private void beginByServer() throws IOException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Product.root().resolve("heapatlas").toString(),
                  "record",
                  "-o",
                  recording.toString(),
                  "--"));
      command.addAll(command());
      started = node.start(silent(command), Map.of("HEAPATLAS_DIR", node.folder().toString()));
      session = collector.await(process -> process.getSession().startsWith("run-")).getSession();
    }

    private static ProcessBuilder silent(List<String> command) {
      return new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    private List<String> command() {
      return switch (round.program()) {
        case CHRONICLE -> Chronicle.command(chronicle, log);
        case REDIS -> redis.command();
        case PYTHON -> List.of("/usr/bin/python3", "-c", BUSY_PYTHON);
      };
    }

    /** Behind it, nothing is written any more. */
    void kill() throws Exception {
      sealed = status().getEvents();
      switch (round.victim()) {
        case PROGRAM -> {
          started.destroyForcibly().waitFor();
          awaitEnd();
        }
        case COLLECTOR -> {
          killedAt = System.nanoTime();
          node.collectorProcess().destroyForcibly().waitFor();
        }
        case SERVER -> {
          started.destroyForcibly().waitFor();
          long before = status().getEvents();
          Await.until(
              "the recording goes on without the server", () -> status().getEvents() > before);
          endPrograms();
          awaitEnd();
        }
      }
    }

    /** The program that the dead server started. */
    private void endPrograms() {
      for (ProcessInfo process : processes()) {
        ProcessHandle.of(process.getPid()).ifPresent(ProcessHandle::destroyForcibly);
      }
    }

    private List<ProcessInfo> processes() {
      List<ProcessInfo> all = new ArrayList<>();
      Iterator<ProcessInfo> known =
          collector
              .calls()
              .watchProcesses(
                  WatchProcessesRequest.newBuilder()
                      .setSession(session)
                      .setKnownOnly(true)
                      .build());
      known.forEachRemaining(all::add);
      return all;
    }

    private void awaitEnd() {
      for (ProcessInfo process : processes()) {
        collector.summary(process.getProcess(), true);
      }
      RecordingStatus status =
          collector.calls().stopRecording(SessionRequest.newBuilder().setSession(session).build());
      assertThat(status.getEvents()).isGreaterThanOrEqualTo(sealed);
      sealed = status.getEvents();
    }

    void expectRecording() throws Exception {
      Chronicle told = Chronicle.read(log);
      long read = 0;
      try (TestNode replay = TestNode.replaying(recording);
          Collector replayed = replay.connect()) {
        List<ProcessInfo> all = new ArrayList<>();
        replayed
            .calls()
            .watchProcesses(WatchProcessesRequest.newBuilder().setKnownOnly(true).build())
            .forEachRemaining(all::add);
        assertThat(all).isNotEmpty();
        for (ProcessInfo process : all) {
          ReplayedEvents seen =
              ReplayedEvents.read(replayed, process.getProcess(), told.threads().keySet());
          assertThat(seen.timeline().getFirstPosition()).isZero();
          read += seen.timeline().getEndPosition();
          seen.expectTable(replayed.allocations(process.getProcess()));
          expectSaid(seen.timeline().getMissingList());
          expectTold(told, seen);
        }
      }
      assertThat(read).as("events that were sealed").isGreaterThanOrEqualTo(sealed);
      events += read;
      rounds++;
    }

    private void expectSaid(List<String> missing) {
      if (round.victim() == Victim.COLLECTOR) {
        assertThat(missing).anyMatch(sentence -> sentence.contains("cut short"));
      } else {
        assertThat(missing).isEmpty();
      }
    }

    /** Of a program that knows the truth: what was read is what it did, from the beginning. */
    private void expectTold(Chronicle told, ReplayedEvents seen) {
      for (Map.Entry<Integer, List<Chronicle.Entry>> thread : told.threads().entrySet()) {
        List<Chronicle.Entry> did = thread.getValue();
        List<ReplayedEvents.Event> read = seen.byThread().getOrDefault(thread.getKey(), List.of());
        // Beside the chronicle a thread may do what it was killed in the midst of.
        int both = Math.min(did.size(), read.size());
        for (int i = 0; i < both; i++) {
          assertThat(did.get(i).isOf(read.get(i).address(), read.get(i).size()))
              .as(
                  "event %d of thread %d: did %s, read %s",
                  i, thread.getKey(), did.get(i), read.get(i))
              .isTrue();
        }
        if (round.victim() != Victim.COLLECTOR) {
          assertThat(read.size() - did.size()).as("events beyond the chronicle").isBetween(-1, 1);
        } else if (read.size() < did.size()) {
          // Both clocks are CLOCK_MONOTONIC.
          longestLoss = Math.max(longestLoss, killedAt - did.get(both).nanos());
        }
      }
    }
  }
}
