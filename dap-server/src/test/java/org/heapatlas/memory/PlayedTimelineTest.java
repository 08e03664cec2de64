package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeFinding;
import org.heapatlas.session.FakeHeap;
import org.heapatlas.session.Player;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.TimeBar;
import org.heapatlas.view.ViewDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A recording that is played in the time bar: an event a millisecond, for ten seconds. */
class PlayedTimelineTest {
  private static final long PROCESS = 7;
  private static final int EVENTS = 10_000;
  private static final double SLOWEST = Player.SPEEDS.getFirst();
  private final FakeHeap heap = new FakeHeap();
  private Session session;
  private OpenView timeline;

  @BeforeEach
  void open() {
    for (int i = 0; i < EVENTS; i++) {
      heap.past.add(HeapEvent.Kind.ALLOCATE, FakeHeap.BASE + 64L * i, 16, 11, 1);
    }
    session = new Session("test", heap);
    heap.appear(WatchedProcess.State.REPLAYED);
    timeline =
        new MemoryFeature()
            .views().stream()
                .filter(view -> view.description(List.of()).id().equals("memory.timeline"))
                .findFirst()
                .orElseThrow()
                .open(
                    session, new ViewDefinition.Options(Map.of(), ViewDefinition.Viewport.DEFAULT));
  }

  @AfterEach
  void close() {
    session.close();
  }

  private String act(String action, String target, String... arguments) {
    Map<String, String> table = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      table.put(arguments[i], arguments[i + 1]);
    }
    return timeline.act(new OpenView.Act(action, target, table));
  }

  private Frame await(Predicate<Frame> fits) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    Frame frame = timeline.frame();
    while (!fits.test(frame) && System.nanoTime() < end) {
      Thread.sleep(5);
      frame = timeline.frame();
    }
    assertThat(frame).matches(fits);
    return frame;
  }

  private static TimeBar bar(Frame frame) {
    return (TimeBar) frame.data();
  }

  @Test
  void aRecordingThatStandsStillSaysSoAndAtWhichSpeedItWouldPlay() {
    Frame frame = timeline.frame();
    assertThat(frame.time().pace()).isZero();
    assertThat(bar(frame).playback()).isEqualTo(new TimeBar.Playback(1, Player.SPEEDS, ""));
    assertThat(frame.actions())
        .extracting(Frame.Action::id)
        .contains("play")
        .doesNotContain("pause");
  }

  @Test
  void timeGoesOnAtTheChosenSpeedUntilItIsPaused() throws InterruptedException {
    act("seek", "1000");
    act("play", "", "speed", "0.1");
    Frame plays = await(frame -> frame.time().now() > 1.02e9);
    assertThat(plays.time().pace()).isEqualTo(0.1);
    assertThat(plays.time().direction()).isEqualTo("forward");
    assertThat(plays.actions()).extracting(Frame.Action::id).contains("pause");
    act("pause", "");
    Frame paused = timeline.frame();
    assertThat(paused.time().pace()).isZero();
    assertThat(bar(paused).playback())
        .isEqualTo(new TimeBar.Playback(0.1, Player.SPEEDS, "paused"));
    assertThat(session.cursor(PROCESS).timeline().nanos()).isEqualTo((long) paused.time().now());
  }

  @Test
  void itPlaysBackwardToTheBeginningAndFromThereForwardToTheEnd() throws InterruptedException {
    act("seek", "2000");
    act("play", "", "speed", "100", "direction", "backward");
    Frame back = timeline.frame();
    assertThat(back.time().pace()).isEqualTo(-100);
    assertThat(back.time().direction()).as("before the first move").isEqualTo("backward");
    Frame begun = await(frame -> frame.time().pace() == 0);
    assertThat(begun.time().now()).isZero();
    assertThat(bar(begun).playback().why()).isEqualTo("the recording begins here");
    act("play", "");
    Frame ended = await(frame -> frame.time().pace() == 0);
    assertThat(ended.time().now()).isEqualTo(10e9);
    assertThat(bar(ended).playback().why()).isEqualTo("the recording ends here");
  }

  @Test
  void playedAtItsEndItBeginsAnew() throws InterruptedException {
    act("seek", "end");
    act("play", "", "speed", Double.toString(SLOWEST));
    Frame plays = await(frame -> frame.time().now() < 10e9);
    assertThat(plays.time().now()).isLessThan(5e9);
    assertThat(plays.time().pace()).isEqualTo(SLOWEST);
  }

  @Test
  void aStepOrASeekStopsItThere() {
    act("seek", "5000");
    act("play", "", "speed", Double.toString(SLOWEST));
    act("next", "");
    assertThat(timeline.frame().time().pace()).isZero();
    act("play", "");
    act("seek", "4711");
    Frame there = timeline.frame();
    assertThat(there.time().pace()).isZero();
    assertThat(there.time().now()).isEqualTo(4711e6);
    assertThat(bar(there).playback().why()).isEmpty();
  }

  @Test
  void theSpeedAndTheDirectionChangeWhileItPlays() {
    act("seek", "5000");
    act("play", "", "speed", Double.toString(SLOWEST));
    act("speed", "0.1");
    assertThat(timeline.frame().time().pace()).isEqualTo(0.1);
    act("play", "", "direction", "backward");
    assertThat(timeline.frame().time().pace()).isEqualTo(-0.1);
    assertThatThrownBy(() -> act("speed", "0")).hasMessageContaining("a speed lies between");
    assertThatThrownBy(() -> act("speed", "fast")).hasMessageContaining("'fast' is no speed");
    assertThatThrownBy(() -> act("play", "", "direction", "up")).hasMessageContaining("'up'");
  }

  @Test
  void whoeverGoesAlongStopsItOnTheWay() throws InterruptedException {
    session
        .player()
        .escort(
            new Player.Escort() {
              @Override
              public Optional<Moment> stop(long process, long from, long to) {
                return from < 3333 && to >= 3333
                    ? Optional.of(new Moment.Position(3333))
                    : Optional.empty();
              }
            });
    act("seek", "3000");
    act("play", "", "speed", "10");
    Frame stopped = await(frame -> frame.time().pace() == 0);
    assertThat(stopped.time().now()).isEqualTo(3333e6);
    assertThat(bar(stopped).playback().why()).isEqualTo("a breakpoint stopped it");
  }

  @Test
  void aRecordingThatCannotBeReadOnStandsStillAndSaysSo() throws InterruptedException {
    act("seek", "3000");
    session
        .player()
        .escort(
            new Player.Escort() {
              @Override
              public Optional<Moment> stop(long process, long from, long to) {
                throw Problem.failed("a chunk is broken");
              }
            });
    act("play", "");
    Frame stopped = await(frame -> frame.time().pace() == 0);
    assertThat(bar(stopped).playback().why()).startsWith("it could not be played on");
  }

  @Test
  void whoeverGoesAlongHearsOfNoBeginningThatFails() {
    List<String> heard = new CopyOnWriteArrayList<>();
    session
        .player()
        .escort(
            new Player.Escort() {
              @Override
              public void allow(long process) {
                throw Problem.usedWrongly("not now");
              }

              @Override
              public void began(long process) {
                heard.add("began");
              }
            });
    assertThatThrownBy(() -> act("play", "")).hasMessageContaining("not now");
    assertThat(timeline.frame().time().pace()).isZero();
    assertThat(heard).isEmpty();
  }

  @Test
  void whoeverGoesAlongHearsThatAStepEndsWhatWasPlayed() {
    List<Player.Ending> heard = new CopyOnWriteArrayList<>();
    session
        .player()
        .escort(
            new Player.Escort() {
              @Override
              public void ended(long process, Player.Ending ending) {
                heard.add(ending);
              }
            });
    act("seek", "5000");
    act("play", "", "speed", Double.toString(SLOWEST));
    act("next", "");
    assertThat(heard).containsExactly(Player.Ending.PAUSED);
  }

  @Test
  void withoutAnyFindingThatIsSaidInsteadOfWhereNoneIs() {
    assertThat(act("nextFinding", "")).isEqualTo("There is no finding.");
    assertThat(act("previousFinding", "")).isEqualTo("There is no finding.");
  }

  @Test
  void theNextAndThePreviousFindingAreOneActionAway() {
    heap.raise(FakeFinding.recorded(2000, 2_000_000_000L, 1));
    heap.raise(FakeFinding.recorded(6000, 6_000_000_000L, 2));
    act("seek", "3000");
    assertThat(act("nextFinding", "")).isEmpty();
    assertThat(timeline.frame().time().now()).isEqualTo(6e9);
    assertThat(act("nextFinding", "")).isEqualTo("There is no finding behind.");
    act("previousFinding", "");
    assertThat(timeline.frame().time().now()).isEqualTo(2e9);
    assertThat(act("previousFinding", "")).isEqualTo("There is no finding before.");
  }

  @Test
  void twoMarkedInstantsAreASpanInEitherOrderThatCanBeCompared() {
    assertThatThrownBy(() -> act("compare", "")).hasMessageContaining("mark A and B");
    act("seek", "5000");
    act("markA", "");
    Frame one = timeline.frame();
    assertThat(bar(one).a()).isEqualTo(5e9);
    assertThat(bar(one).span()).isNull();
    assertThat(one.actions()).extracting(Frame.Action::id).doesNotContain("compare");
    act("seek", "2000");
    act("markB", "");
    Frame both = timeline.frame();
    assertThat(bar(both).b()).isEqualTo(2e9);
    assertThat(session.span(PROCESS)).contains(new TimeSpan(2_000_000_000L, 5_000_000_000L));
    assertThat(both.actions())
        .contains(new Frame.Action("compare", "Compare A and B", "frame", "memory.growth"));
    assertThat(act("compare", "")).isEmpty();
    act("span", "");
    assertThat(bar(timeline.frame()).a()).isNull();
  }
}
