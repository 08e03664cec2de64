package org.heapatlas.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.heapatlas.model.ClockOffset;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Moment;
import org.heapatlas.model.NodeClock;
import org.heapatlas.model.Timeline;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.FakeHeap;
import org.junit.jupiter.api.Test;

/** Nodes whose clocks are apart, moved together in time. */
class NodeTimeTest {
  private static final long START = 1_800_000_000_000_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final long LENGTH = 100 * SECOND;

  /** One process of 100 s, which began when this node's clock showed an instant. */
  private static final class Replayed extends FakeHeap {
    private final long from;
    private final List<Moment> moments = new ArrayList<>();

    Replayed(long from) {
      this.from = from;
    }

    @Override
    public List<WatchedProcess> processes(String session) {
      return List.of(
          new WatchedProcess(
              1,
              "",
              7,
              1,
              "",
              "",
              List.of(),
              WatchedProcess.State.REPLAYED,
              Mode.FULL,
              from,
              "",
              List.of()));
    }

    @Override
    public Timeline timeline(long id) {
      return new Timeline(0, 0, 0, 10, 0, LENGTH, Optional.empty(), List.of());
    }

    @Override
    public Timeline seek(long id, Moment moment) {
      moments.add(moment);
      long nanos = moment instanceof Moment.Time time ? time.nanos() : 0;
      return new Timeline(0, nanos, 0, 10, 0, LENGTH, Optional.empty(), List.of());
    }
  }

  private static ClockSeries ahead(long nanos) {
    return new ClockSeries(List.of(new ClockOffset(START, nanos, 1_000)));
  }

  @Test
  void theOtherNodeGoesToTheSameInstantOfTheServersClock() {
    // Both began at the same moment; one clock was 30 s fast, the other 5 s slow.
    Replayed fast = new Replayed(START + 30 * SECOND);
    Replayed slow = new Replayed(START - 5 * SECOND);
    try (MergedSource both =
        new MergedSource(
            List.of(
                new MergedSource.Part("fast", fast, ahead(30 * SECOND)),
                new MergedSource.Part("slow", slow, ahead(-5 * SECOND))))) {
      both.seek(1, new Moment.Time(12 * SECOND));
      assertThat(slow.moments).containsExactly(new Moment.Time(12 * SECOND));
      both.seek(1L << 40 | 1, new Moment.Time(50 * SECOND));
      assertThat(fast.moments).last().isEqualTo(new Moment.Time(50 * SECOND));
      assertThat(both.clocks())
          .containsExactly(
              new NodeClock("fast", new ClockOffset(START + 50 * SECOND, 30 * SECOND, 1_000)),
              new NodeClock("slow", new ClockOffset(START + 50 * SECOND, -5 * SECOND, 1_000)));
    }
  }

  @Test
  void withoutMeasurementsEachNodeIsToldByItsOwnClock() {
    Replayed fast = new Replayed(START + 30 * SECOND);
    Replayed slow = new Replayed(START - 5 * SECOND);
    try (MergedSource both =
        new MergedSource(
            List.of(new MergedSource.Part("fast", fast), new MergedSource.Part("slow", slow)))) {
      both.seek(1, new Moment.Time(12 * SECOND));
      assertThat(slow.moments).containsExactly(new Moment.Time(47 * SECOND));
      assertThat(both.clocks()).isEmpty();
    }
  }
}
