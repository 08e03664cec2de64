package org.heapatlas.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeapDatabaseTest {
  private static final long A = 0x7f00_0000_1000L;
  private static final long B = 0x7f00_0000_2000L;

  private final FakeHeap heap = new FakeHeap();

  /** Events at 0, 1, 2 … ms: A lives from 0 to 3 ms and from 4 ms on, B from 1 ms on. */
  @BeforeEach
  void record() {
    heap.appear(WatchedProcess.State.REPLAYED);
    heap.past.add(HeapEvent.Kind.ALLOCATE, A, 100, 11, 1);
    heap.past.add(HeapEvent.Kind.ALLOCATE_NEW, B, 30, 12, 2);
    heap.past.add(HeapEvent.Kind.LOCK_ACQUIRE, 0x10, 0, 12, 0);
    heap.past.add(HeapEvent.Kind.RELEASE, A, 100, 12, 3);
    heap.past.add(HeapEvent.Kind.ALLOCATE, A, 50, 11, 1);
  }

  private List<List<Object>> rows(String sql) {
    return rows(sql, HeapDatabase.Limits.USUAL);
  }

  private List<List<Object>> rows(String sql, HeapDatabase.Limits limits) {
    try (HeapDatabase database = HeapDatabase.open(heap, "test", limits);
        Answer answer = database.query(sql)) {
      List<List<Object>> rows = new ArrayList<>();
      while (answer.next()) {
        List<Object> row = new ArrayList<>();
        for (int column = 0; column < answer.headings().size(); column++) {
          row.add(answer.value(column));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private void refused(String sql, String why) {
    assertThatThrownBy(() -> rows(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.getMessage()).contains(why).doesNotContain("\n");
              assertThat(problem.kind()).isEqualTo(Problem.Kind.USED_WRONGLY);
            });
  }

  @Test
  void eventsAreThoseThatASummaryCountsAndTheOthersAreInATableOfTheirOwn() {
    assertThat(rows("SELECT count(*) FROM events")).containsExactly(List.of(4L));
    assertThat(rows("SELECT count(*) FROM all_events")).containsExactly(List.of(5L));
    assertThat(rows("SELECT position, kind, size, thread, site FROM events WHERE time > 2e6"))
        .containsExactly(
            List.of(3L, "release", 100L, 12L, 3L), List.of(4L, "allocate", 50L, 11L, 1L));
  }

  @Test
  void onlyTheColumnsThatAQueryUsesAreAskedFor() {
    rows("SELECT sum(size) FROM events");
    assertThat(heap.calls).anyMatch(call -> call.startsWith("events [SIZE] "));
    rows("SELECT sum(size) FROM allocations WHERE lifetime < 5");
    assertThat(heap.calls)
        .anyMatch(call -> call.startsWith("lifetimes [SIZE, BEGIN_NANOS, END_NANOS] "));
  }

  @Test
  void anAddressIsTextInAnswersAndMayBeWrittenAsOneInQueries() {
    assertThat(rows("SELECT address FROM events WHERE address = '0x7f0000002000'"))
        .containsExactly(List.of("0x7f0000002000"));
    assertThat(rows("SELECT kind, function FROM history('0x7f0000001000')"))
        .containsExactly(
            List.of("allocate", "function0"),
            List.of("release", "function2"),
            List.of("allocate", "function0"));
  }

  @Test
  void whatWasLiveAtAnInstantAndWhatGrewBetweenTwoIsAskedOfTheLifetimes() {
    assertThat(rows("SELECT size FROM live_at(3500000)")).containsExactly(List.of(30L));
    assertThat(rows("SELECT size FROM live_at(0)")).containsExactly(List.of(100L));
    assertThat(rows("SELECT function, grown_bytes, grown_allocations FROM growth(0, 4000000)"))
        .containsExactly(List.of("function1", 30L, 1L), List.of("function0", -50L, 0L));
    assertThat(rows("SELECT function, live_bytes, released_allocations FROM leaks()"))
        .containsExactly(List.of("function0", 50L, 1L), List.of("function1", 30L, 0L));
  }

  @Test
  void anAllocationKnowsItsReleaseAndItsLifetime() {
    assertThat(
            rows(
                "SELECT lifetime, release_thread, owner(process, release_site), end_position"
                    + " FROM allocations WHERE end_time IS NOT NULL"))
        .containsExactly(List.of(3_000_000L, 12L, "function2", 3L));
    assertThat(rows("SELECT count(*) FROM allocations WHERE lifetime IS NULL"))
        .containsExactly(List.of(2L));
  }

  @Test
  void whatIsNowIsInTablesToo() {
    assertThat(rows("SELECT function, file, line FROM sites WHERE site = 5"))
        .containsExactly(List.of("function4", "/src/file.c", 5L));
    assertThat(rows("SELECT depth, function FROM stack(5)"))
        .containsExactly(List.of(0L, "malloc"), List.of(1L, "function4"));
    assertThat(rows("SELECT count(*) FROM frames")).containsExactly(List.of(600L));
    assertThat(rows("SELECT name FROM threads WHERE running")).containsExactly(List.of("main"));
    assertThat(rows("SELECT begin_address FROM regions WHERE kind = 'heap'"))
        .containsExactly(List.of("0x7f0000000000"));
    assertThat(rows("SELECT time FROM metrics")).containsExactly(List.of(1L), List.of(2L));
    assertThat(rows("SELECT state, pid FROM processes"))
        .containsExactly(List.of("replayed", 4711L));
    assertThat(rows("SELECT node, processes FROM nodes")).containsExactly(List.of("local", 1L));
    assertThat(rows("SELECT count(*) FROM findings")).containsExactly(List.of(0L));
    assertThat(rows("SELECT count(*) FROM gaps")).containsExactly(List.of(0L));
    assertThat(rows("SELECT kind, name FROM labels")).containsExactly(List.of("tag", "index"));
  }

  @Test
  void whatIsNotRecordedSaysSoAndItsLiveBlocksAreAllocationsAllTheSame() {
    heap.notRecorded = true;
    heap.appear(WatchedProcess.State.RUNNING);
    assertThatThrownBy(() -> rows("SELECT * FROM events"))
        .isInstanceOf(Problem.class)
        .hasMessage(
            "fake[4711] is not recorded, so that nothing is kept of its past; start it with ./heapatlas record");
    assertThatThrownBy(() -> rows("FROM live_at(5)")).hasMessageContaining("is not recorded");
    assertThat(rows("SELECT count(*), sum(size)::BIGINT FROM allocations WHERE end_time IS NULL"))
        .containsExactly(List.of(4096L, 4096L * 64));
  }

  @Test
  void nothingBesideTheTablesCanBeReachedAndNothingChanged() {
    refused("SELECT * FROM read_csv('/etc/passwd')", "file system operations are disabled");
    refused("SELECT * FROM '/etc/passwd'", "does not exist");
    refused("SELECT * FROM read_text('/etc/passwd')", "file system operations are disabled");
    refused("SELECT * FROM read_blob('/etc/passwd')", "file system operations are disabled");
    refused("SELECT * FROM read_parquet('/etc/passwd')", "file system operations are disabled");
    refused("SELECT * FROM read_json('/etc/passwd')", "file system operations are disabled");
    refused("SELECT * FROM sniff_csv('/etc/passwd')", "file system operations are disabled");
    refused("SELECT * FROM glob('/etc/*')", "file system operations are disabled");
    refused("SELECT * FROM read_csv('http://localhost/x')", "disabled");
    refused("SELECT getenv('HOME')", "getenv");
    for (String statement :
        List.of(
            "COPY (SELECT 1) TO '/tmp/heapatlas-test'",
            "ATTACH '/tmp/heapatlas-test'",
            "ATTACH ':memory:' AS other",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET memory_limit = '100GB'",
            "RESET threads",
            "PRAGMA threads = 8",
            "CREATE TABLE t (i INT)",
            "DROP VIEW events",
            "CREATE SECRET s (TYPE s3)",
            "EXPORT DATABASE '/tmp/heapatlas-test'",
            "CHECKPOINT",
            "BEGIN",
            "SELECT 1; SELECT 2",
            "SELECT 1; COPY (SELECT 1) TO '/tmp/heapatlas-test'",
            "")) {
      refused(statement, "a query is one SELECT and only reads");
    }
  }

  @Test
  void aQueryThatIsWrongSaysWhere() {
    refused("SELEC 1", "SQL at 1:1: syntax error at or near \"SELEC\"");
    refused("SELECT kind,\n  nosuch\nFROM events", "SQL at 2:3: Referenced column \"nosuch\"");
    refused("SELECT 1 FROM nosuch", "SQL at 1:15: Table with name nosuch does not exist");
    refused(
        "SELECT '" + "x".repeat(300) + "', nosuch FROM events", "SQL at 1:312: Referenced column");
    refused("SELECT 'ä', 'ä', 1 FROM WHERE", "SQL at 1:25: syntax error");
  }

  @Test
  void aQueryEndsAtItsLimits() {
    HeapDatabase.Limits tight = new HeapDatabase.Limits(64 << 20, Duration.ofSeconds(1));
    assertThatThrownBy(() -> rows("SELECT count(*) FROM range(1000000) a, range(1000000) b", tight))
        .hasMessage(
            "the query was ended after 1 s; narrow it, or ask by ./heapatlas query, which --timeout gives more time");
    assertThatThrownBy(() -> rows("SELECT sleep_ms(60000)", tight))
        .hasMessageContaining("ended after 1 s");
    HeapDatabase.Limits little = new HeapDatabase.Limits(64 << 20, Duration.ofSeconds(60));
    assertThatThrownBy(() -> rows("SELECT list(range) FROM range(100000000)", little))
        .hasMessage(
            "the query needs more than 64.0 MiB of memory; narrow it, or give it more with --memory");
  }

  @Test
  void whoWaitsForAQueryCanEndItAtOnce() throws InterruptedException {
    List<Throwable> thrown = new ArrayList<>();
    Thread asking =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    rows("SELECT count(*) FROM range(10000000) a, range(1000000) b");
                  } catch (Problem e) {
                    thrown.add(e);
                  }
                });
    asking.interrupt();
    asking.join();
    assertThat(thrown)
        .singleElement()
        .extracting(Throwable::getMessage)
        .asString()
        .isEqualTo("the query was cancelled");
  }

  @Test
  void nestedValuesAreListsAndMaps() {
    assertThat(rows("SELECT [1, 2], MAP {'a': 1}, 1.50, NULL, DATE '2026-01-02'"))
        .containsExactly(
            Arrays.asList(
                List.of(1, 2), Map.of("a", 1), new BigDecimal("1.50"), null, "2026-01-02"));
  }
}
