package org.heapatlas.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.heapatlas.proto.SeekRequest;
import org.heapatlas.proto.TimelineReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A recording shows of any instant what the live session showed then: every view of an instant, and
 * the live table block by block. Programs are stopped at random moments and looked at; their
 * recordings are taken to the same moments, in another order. The property
 * heapatlas.replayed.instants sets how many moments each program has.
 */
class LiveIsReplayedTest {
  private static final int INSTANTS = Integer.getInteger("heapatlas.replayed.instants", 10);
  private static final int LONGEST_RUN_MILLIS = 120;
  private static final int LOAD_SECONDS = 600;
  private static final int MOST_LINES = 20;
  private static final long SEED = 20_26;

  /** Allocates all the time, and does not end. */
  private static final String ALLOCATE =
      """
      import json, random
      while True:
        all = {str(i): [random.random()] * (i % 9) for i in range(3000)}
        json.loads(json.dumps(all))
      """;

  private static final String EVER = "allocations";
  private static final String PAST_OF_TILES =
      "what was allocated ever, and churn, are counted from the state by which the replay came"
          + " here";

  private static final String UNIT =
      """
      #include <functional>
      #include <map>
      #include <regex>
      #include <variant>
      template <typename C, int N> bool found(const std::basic_string<C>& text, const C* pattern) {
        std::basic_regex<C> regex(pattern);
        std::match_results<typename std::basic_string<C>::const_iterator> match;
        std::map<int, std::basic_string<C>> all[N];
        all[0][N] = text;
        return std::regex_search(text, match, regex) || std::regex_match(all[0][N], regex);
      }
      bool all() {
        return found<char, 1>("a", "b") && found<wchar_t, 2>(L"a", L"b") && found<char, 3>("c", "d");
      }
      """;

  /** {@code slots}: where a program keeps its own list of what is live. */
  record Program(List<String> words, Map<String, String> environment, Optional<Path> slots) {}

  @TempDir Path folder;
  private final Random random = new Random(SEED);

  @Test
  void aRecordingOfRedisServerUnderLoadShowsWhatTheLiveSessionShowed() throws Exception {
    Redis redis = Redis.onFreePort();
    expectReplayed(
        new Program(redis.command(), Map.of(), Optional.empty()),
        node -> {
          Await.until("redis answers", redis::answers);
          redis.load(node, LOAD_SECONDS);
        });
  }

  @Test
  void aRecordingOfPythonShowsWhatTheLiveSessionShowed() throws Exception {
    expectReplayed(
        new Program(
            List.of("/usr/bin/python3", "-c", ALLOCATE),
            Map.of("PYTHONMALLOC", "malloc"),
            Optional.empty()),
        node -> {});
  }

  @Test
  void aRecordingOfACompilerShowsWhatTheLiveSessionShowed() throws Exception {
    Path unit = Files.writeString(folder.resolve("unit.cc"), UNIT);
    String compiler =
        Product.execute(List.of("g++", "-print-prog-name=cc1plus"), Map.of()).text().strip();
    String machine = Product.execute(List.of("g++", "-dumpmachine"), Map.of()).text().strip();
    expectReplayed(
        new Program(
            List.of(
                compiler,
                "-quiet",
                "-imultiarch",
                machine,
                "-D_GNU_SOURCE",
                "-O2",
                unit.toString(),
                "-o",
                "/dev/null"),
            Map.of(),
            Optional.empty()),
        node -> {});
  }

  @Test
  void aRecordingOfThreadsThatPassBlocksOnShowsWhatTheLiveSessionAndTheProgramItselfShowed()
      throws Exception {
    Path truth = Product.compile(folder, "truth.cc");
    Path list = folder.resolve("list");
    expectReplayed(
        new Program(
            List.of(truth.toString(), "3", Long.toString(1L << 40), list.toString(), "1", "shared"),
            Map.of(),
            Optional.of(folder.resolve("list.slots"))),
        node -> {});
  }

  private interface Load {
    void begin(TestNode node) throws Exception;
  }

  private void expectReplayed(Program program, Load load) throws Exception {
    Path recording = folder.resolve("recording");
    List<RecordedSession.Look> looks = new ArrayList<>();
    long process;
    try (TestNode node = TestNode.start();
        RecordedSession session = new RecordedSession(node, recording, program)) {
      process = session.process();
      load.begin(node);
      for (int i = 0; i < INSTANTS; i++) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_RUN_MILLIS));
        looks.add(session.look());
      }
      session.end();
    }
    expectTables(recording, process, looks);
    expectViews(recording, looks);
  }

  private void expectTables(Path recording, long process, List<RecordedSession.Look> looks)
      throws Exception {
    try (TestNode node = TestNode.replaying(recording);
        Collector collector = node.connect()) {
      NaiveHeap naive = new NaiveHeap(collector, process);
      for (RecordedSession.Look look : looks) {
        assertThat(LiveBlock.differences(look.table(), naive.at(look.position())))
            .as("the live table, and the events before %,d", look.position())
            .isEmpty();
        look.own().ifPresent(own -> own.expectIn(look.table()));
      }
      for (RecordedSession.Look look : shuffled(looks)) {
        SeekRequest seek =
            SeekRequest.newBuilder().setProcess(process).setPosition(look.position()).build();
        TimelineReply there = collector.calls().seek(seek);
        assertThat(there.getPosition()).isEqualTo(look.position());
        assertThat(LiveBlock.differences(look.table(), LiveBlock.table(collector, process)))
            .as("the live table, and the replayed one before event %,d", look.position())
            .isEmpty();
      }
    }
  }

  private void expectViews(Path recording, List<RecordedSession.Look> looks) throws Exception {
    try (Adapter adapter = Adapter.start()) {
      adapter.ask("initialize", Map.of("adapterID", "tests"));
      adapter.await("initialized");
      adapter.ask("launch", Map.of("recording", recording.toString(), "stopOnEntry", true));
      adapter.ask("configurationDone", Map.of());
      adapter.await("stopped");
      List<String> differences = new ArrayList<>();
      for (RecordedSession.Look look : shuffled(looks)) {
        for (String view : look.frames().keySet()) {
          adapter.seek(look.nanos(view));
          assertThat(adapter.position()).as("the event at the time").isEqualTo(look.position());
          JsonDifferences.of(comparable(look.frames().get(view)), comparable(adapter.frame(view)))
              .forEach(
                  line ->
                      differences.add("event %,d, %s%s".formatted(look.position(), view, line)));
        }
      }
      assertThat(differences.stream().limit(MOST_LINES))
          .as("%,d differences between the live session and its replay", differences.size())
          .isEmpty();
      assertThat(adapter.leave()).isZero();
    }
  }

  private List<RecordedSession.Look> shuffled(List<RecordedSession.Look> looks) {
    List<RecordedSession.Look> others = new ArrayList<>(looks);
    Collections.shuffle(others, random);
    return others;
  }

  /**
   * Without the time, which says that one is live, and to which the other one was taken; without
   * the same in the title; and without what tiles count of allocations that are past, of which a
   * replay says that it begins where it does.
   */
  private static JsonNode comparable(JsonNode frame) {
    ObjectNode all = frame.deepCopy();
    all.remove("time");
    all.remove("actions"); // what a person may do: a running program goes nowhere
    all.put("title", frame.path("title").asText().replace(", replayed", ""));
    if (all.path("coverage") instanceof ObjectNode coverage) {
      coverage.put("text", coverage.path("text").asText().replaceFirst("; " + PAST_OF_TILES, ""));
    }
    if (all.path("data").path("values") instanceof ArrayNode values) {
      JsonNode metrics = all.path("data").path("metrics");
      for (int i = 0; i < metrics.size(); i++) {
        if (metrics.get(i).path("id").asText().equals(EVER)) {
          values.remove(i);
        }
      }
    }
    return all;
  }
}
