package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.heapatlas.model.Finding;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeFinding;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Table;
import org.heapatlas.view.TimeBar;
import org.heapatlas.view.ViewDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The views of what has happened: the time bar, an address's history, lifetimes, growth. */
class PastViewsTest {
  private static final long A = 0x7f00_0000_1000L;
  private static final long B = 0x7f00_0000_2000L;
  private static final long PROCESS = 7;
  private final FakeHeap heap = new FakeHeap();
  private Session session;

  /** An event a millisecond: A lives from 0 to 3 and from 4 on, B from 1 to 5. */
  @BeforeEach
  void record() {
    heap.past.add(HeapEvent.Kind.ALLOCATE, A, 100, 11, 1);
    heap.past.add(HeapEvent.Kind.ALLOCATE, B, 200, 11, 2);
    heap.past.add(HeapEvent.Kind.THREAD_START, 0, 0, 12, 0);
    heap.past.add(HeapEvent.Kind.RELEASE, A, 100, 12, 3);
    heap.past.add(HeapEvent.Kind.ALLOCATE, A, 300, 12, 1);
    heap.past.add(HeapEvent.Kind.RELEASE, B, 200, 12, 4);
    session = new Session("test", heap);
    heap.appear(WatchedProcess.State.REPLAYED);
  }

  private OpenView open(String id) {
    return new MemoryFeature()
        .views().stream()
            .filter(view -> view.description(List.of()).id().equals(id))
            .findFirst()
            .orElseThrow()
            .open(session, new ViewDefinition.Options(Map.of(), ViewDefinition.Viewport.DEFAULT));
  }

  private static OpenView.Act act(String action, String target, String... arguments) {
    Map<String, String> table = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      table.put(arguments[i], arguments[i + 1]);
    }
    return new OpenView.Act(action, target, table);
  }

  private static Frame await(OpenView view, Predicate<Frame> fits) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    Frame frame = view.frame();
    while (!fits.test(frame) && System.nanoTime() < end) {
      Thread.sleep(5);
      frame = view.frame();
    }
    assertThat(frame).matches(fits);
    return frame;
  }

  private static Frame read(OpenView view) throws InterruptedException {
    return await(view, frame -> frame.progress() == null);
  }

  private static List<String> texts(Table table, int column) {
    return table.rows().stream()
        .map(row -> row.cells().get(column))
        .map(cell -> cell.text() == null ? Long.toString(cell.number().longValue()) : cell.text())
        .toList();
  }

  private long position() {
    return session.cursor(PROCESS).timeline().position();
  }

  @Test
  void theTimeBarMovesTheSessionAndSaysWhereItStands() {
    OpenView timeline = open("memory.timeline");
    Frame frame = timeline.frame();
    TimeBar bar = (TimeBar) frame.data();
    assertThat(bar.lanes()).extracting(TimeBar.Lane::id).contains("liveBytes", "rate", "threads");
    assertThat(bar.lanes()).allSatisfy(lane -> assertThat(lane.values()).hasSize(bar.x().length));

    timeline.act(act("seek", "", "nanos", "2500000"));
    assertThat(position()).isEqualTo(3);
    frame = timeline.frame();
    assertThat(frame.time().now()).isEqualTo(3e6);
    assertThat(((TimeBar) frame.data()).text())
        .isEqualTo("before event 3 of 6: release of 100 B, thread 12");
    timeline.act(act("previous", ""));
    assertThat(position()).as("the start of a thread is no event of the heap").isEqualTo(1);
    timeline.act(act("next", ""));
    assertThat(position()).isEqualTo(3);
    timeline.act(act("seek", "end"));
    timeline.act(act("next", ""));
    assertThat(((TimeBar) timeline.frame().data()).text()).startsWith("behind the last of 6");
    timeline.act(act("seek", "begin"));
    timeline.act(act("previous", ""));
    assertThat(position()).isZero();
    assertThatThrownBy(() -> timeline.act(act("seek", "soon"))).hasMessageContaining("'soon'");
  }

  @Test
  void aFindingIsAMarkAndActingOnItGoesToItsEventAndSelectsItsEvidence() {
    OpenView timeline = open("memory.timeline");
    OpenView findings = open("memory.findings");
    assertThat(((TimeBar) timeline.frame().data()).marks()).isNull();
    assertThat(timeline.frame().actions()).extracting(Frame.Action::id).doesNotContain("mark");
    heap.raise(FakeFinding.recorded(3, 3_000_000, 1));
    heap.raise(FakeFinding.recorded(5, 5_000_000, 2));
    assertThat(timeline.frame().actions()).extracting(Frame.Action::id).contains("mark");
    assertThat(chosenMarks(timeline)).isEmpty();

    timeline.act(act("mark", "1"));
    assertThat(position()).isEqualTo(3);
    assertThat(chosenMarks(timeline)).containsExactly("1");
    Frame shown = findings.frame();
    assertThat(shown.selection().site()).isEqualTo("1");
    assertThat(((Table) shown.data()).rows().get(shown.selection().reveal() - 1).id())
        .isEqualTo("1");

    timeline.act(act("next", ""));
    assertThat(chosenMarks(timeline)).as("it went on from there").isEmpty();
    findings.act(act("go", "2"));
    assertThat(position()).isEqualTo(5);
    assertThat(chosenMarks(timeline)).containsExactly("2");
    assertThatThrownBy(() -> timeline.act(act("mark", "9"))).hasMessageContaining("'9'");
  }

  private static List<String> chosenMarks(OpenView timeline) {
    return ((TimeBar) timeline.frame().data())
        .marks().marks().stream().filter(mark -> mark.chosen() > 0).map(TimeBar.Mark::id).toList();
  }

  @Test
  void noFrameWaitsForTheCollectorsListOfFindings() {
    heap.raise(FakeFinding.recorded(3, 3_000_000, 1));
    for (String view : List.of("memory.timeline", "memory.findings", "memory.overview")) {
      open(view).frame();
    }
    assertThat(heap.calls).doesNotContain("findings");
  }

  @Test
  void aFindingThatNoRecordingHasIsGoneToByItsTime() {
    heap.raise(FakeFinding.at(2_500_000, 1, Finding.Severity.WARNING));
    open("memory.timeline").act(act("mark", "1"));
    assertThat(position()).isEqualTo(3);
  }

  @Test
  void aFindingOfALiveProgramIsShownWithItsEvidenceAndMovesNothing() {
    heap.appear(WatchedProcess.State.RUNNING);
    heap.raise(FakeFinding.at(2_000_000, 1, Finding.Severity.ERROR));
    OpenView findings = open("memory.findings");
    OpenView timeline = open("memory.timeline");
    assertThat(findings.frame().selection()).isNull();
    assertThat(timeline.act(act("mark", "1"))).contains("double-free 1", "0.002000 s", "Findings");
    assertThat(position()).isZero();
    assertThat(findings.frame().selection().reveal()).isEqualTo(1);
    assertThat(chosenMarks(timeline)).containsExactly("1");
    assertThat(findings.frame().actions()).extracting(Frame.Action::id).doesNotContain("go");
  }

  @Test
  void aSearchThatIsCutGoesOn() {
    heap.past.patience = 1;
    OpenView timeline = open("memory.timeline");
    timeline.act(act("seek", "1"));
    timeline.act(act("next", ""));
    assertThat(position()).isEqualTo(3);
  }

  @Test
  void whoeverTravelsForTheUsersIsAskedAndEveryoneHearsOfIt() {
    List<String> heard = new ArrayList<>();
    session.listenToMoves(() -> heard.add("moved"));
    OpenView timeline = open("memory.timeline");
    timeline.act(act("seek", "3"));
    timeline.act(act("span", "", "from", "1", "to", "2"));
    assertThat(heard).hasSize(2);
    session.travelBy((process, moment) -> heard.add(process + " " + moment));
    timeline.act(act("seek", "end"));
    assertThat(heard).last().isEqualTo(PROCESS + " " + Moment.END);
  }

  @Test
  void aSpanIsChosenAndTakenBack() {
    OpenView timeline = open("memory.timeline");
    timeline.act(act("span", "", "from", "1000", "to", "5000"));
    assertThat(session.span(PROCESS)).contains(new TimeSpan(1000, 5000));
    assertThat(((TimeBar) timeline.frame().data()).span().to()).isEqualTo(5000);
    assertThatThrownBy(() -> timeline.act(act("span", "", "from", "9", "to", "9")))
        .isInstanceOf(Problem.class);
    timeline.act(act("span", ""));
    assertThat(session.span(PROCESS)).isEmpty();
  }

  @Test
  void aLiveSessionIsShownButNotMoved() {
    heap.appear(WatchedProcess.State.RUNNING);
    OpenView timeline = open("memory.timeline");
    assertThat(timeline.frame().time().live()).isTrue();
    assertThat(timeline.frame().actions())
        .extracting(Frame.Action::id)
        .containsExactly("span", "markA", "markB");
    assertThat(((TimeBar) timeline.frame().data()).playback()).isNull();
    for (String action : List.of("seek", "play", "pause", "speed", "next", "previous")) {
      assertThatThrownBy(() -> timeline.act(act(action, "end")))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("./heapatlas record");
    }
  }

  @Test
  void anAddressHasAllBlocksThatCoveredItTheNewestFirst() throws Exception {
    OpenView history = open("memory.history");
    assertThat(history.frame().empty()).contains("heap map");
    history.act(act("filter", "", "text", "0x7f0000001010"));
    Frame frame = read(history);
    Table table = (Table) frame.data();
    assertThat(frame.title()).isEqualTo("History of 0x7f0000001010");
    assertThat(texts(table, 3)).containsExactly("300", "100");
    assertThat(texts(table, 2)).containsExactly("still live", "3000000");
    assertThat(texts(table, 4)).containsExactly("12", "11 → 12");
    assertThat(table.rows().get(1).detail())
        .anySatisfy(line -> assertThat(line.function()).isEqualTo("function0"))
        .anySatisfy(line -> assertThat(line.function()).isEqualTo("function2"));

    history.act(act("end", table.rows().get(1).id()));
    assertThat(position()).isEqualTo(3);
    assertThat(history.frame().selection().site()).isEqualTo(table.rows().get(1).id());
    history.act(act("begin", table.rows().get(0).id()));
    assertThat(position()).isEqualTo(4);
    assertThatThrownBy(() -> history.act(act("begin", "99"))).hasMessageContaining("'99'");
    history.act(act("filter", "", "text", "0x10"));
    assertThat(read(history).empty()).contains("No allocation");
    history.act(act("filter", "", "text", "nowhere"));
    assertThat(history.frame().empty()).contains("'nowhere'");
  }

  @Test
  void whatIsInspectedInTheHeapMapHasItsHistoryShown() throws Exception {
    OpenView map = open("memory.map");
    map.act(act("inspect", "0x7f0000001000"));
    map.frame();
    OpenView history = open("memory.history");
    assertThat(read(history).title()).isEqualTo("History of 0x7f0000001000");
    assertThat(((Table) history.frame().data()).total()).isEqualTo(2);
  }

  @Test
  void withoutARecordingTheViewsSayHowToMakeOne() throws Exception {
    heap.notRecorded = true;
    heap.appear(WatchedProcess.State.RUNNING);
    OpenView history = open("memory.history");
    history.act(act("filter", "", "text", "0x7f0000001000"));
    for (OpenView view : List.of(history, open("memory.lifetimes"), open("memory.growth"))) {
      assertThat(read(view).empty()).contains("not recorded").contains("./heapatlas record");
    }
  }

  @Test
  void lifetimesAreCountedByPowersOfTwoAndWhatLivesApart() throws Exception {
    OpenView lifetimes = open("memory.lifetimes");
    Table table = (Table) read(lifetimes).data();
    assertThat(texts(table, 0).getFirst()).isEqualTo("All call sites");
    assertThat(texts(table, 4)).containsExactly("3", "2", "1");
    assertThat(texts(table, 5)).containsExactly("600", "400", "200");
    assertThat(texts(table, 6)).containsExactly("1", "1", "0");
    lifetimes.act(act("drill", "all"));
    Frame inside = lifetimes.frame();
    Table buckets = (Table) inside.data();
    assertThat(inside.breadcrumbs()).hasSize(2);
    assertThat(texts(buckets, 0)).containsExactly("2.10 ms – 4.19 ms", "still live");
    assertThat(texts(buckets, 1)).containsExactly("2", "1");
    lifetimes.act(act("back", "sites"));
    lifetimes.act(act("sort", "bytes", "descending", "false"));
    assertThat(texts((Table) lifetimes.frame().data(), 5)).containsExactly("600", "200", "400");
    lifetimes.act(act("filter", "", "text", "function1"));
    assertThat(texts((Table) lifetimes.frame().data(), 5)).containsExactly("200");
    assertThatThrownBy(() -> lifetimes.act(act("drill", "no"))).hasMessageContaining("'no'");
  }

  @Test
  void aSpanBoundsWhatLifetimesAndGrowthAreOf() throws Exception {
    session.choose(PROCESS, Optional.of(new TimeSpan(1_000_000, 3_500_000)));
    Frame frame = read(open("memory.lifetimes"));
    assertThat(frame.title()).contains("from 0.001 s to 0.004 s");
    assertThat(texts((Table) frame.data(), 4)).containsExactly("1", "1");
    Table growth = (Table) read(open("memory.growth")).data();
    assertThat(texts(growth, 2)).containsExactly("0", "-100");
  }

  @Test
  void growthSaysWhatChanceExplains() throws Exception {
    for (int i = 0; i < 100; i++) {
      heap.past.add(HeapEvent.Kind.ALLOCATE, B + 4096L * i, 1000, 11, 5);
    }
    OpenView growth = open("memory.growth");
    Frame frame = read(growth);
    Table table = (Table) frame.data();
    assertThat(texts(table, 2)).containsExactly("100000", "200");
    assertThat(table.rows()).extracting(Table.Row::muted).containsExactly(false, true);
    assertThat(texts(table, 3).get(1)).endsWith(": all of it");
    growth.act(act("sort", "before"));
    growth.act(act("filter", "", "text", "function4"));
    assertThat(((Table) growth.frame().data()).total()).isEqualTo(1);
  }

  @Test
  void aLongReadingIsStoppedWhereItIsAndBegunAnew() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    LongReading<String, String> reading =
        new LongReading<>(
            (question, course) -> {
              course.closing(stopped::countDown);
              if (question.equals("short")) {
                return "all";
              }
              course.soFar("some", 0.5);
              begun.countDown();
              try {
                stopped.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              course.soFar("more", 0.6);
              throw new AssertionError("it goes on though nobody wants it");
            });
    reading.of("long");
    begun.await();
    assertThat(reading.of("long")).isEqualTo(new LongReading.State<>("some", 0.5, true, ""));
    reading.stop();
    while (reading.of("long").reading()) {
      Thread.onSpinWait();
    }
    assertThat(reading.of("long")).isEqualTo(new LongReading.State<>("some", 0.5, false, ""));
    while (reading.of("short").reading()) {
      Thread.onSpinWait();
    }
    assertThat(reading.of("short").result()).isEqualTo("all");
  }
}
