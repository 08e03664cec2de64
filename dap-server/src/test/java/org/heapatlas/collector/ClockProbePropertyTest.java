package org.heapatlas.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.heapatlas.model.ClockOffset;
import org.heapatlas.model.Problem;
import org.junit.jupiter.api.Test;

/** The estimate of another machine's clock, against a clock that was made wrong on purpose. */
class ClockProbePropertyTest {
  private static final long START = 1_800_000_000_000_000_000L;

  /** Two clocks and a way between them that takes its time, each way another. */
  private static final class MadeWay {
    private final AtomicLong now = new AtomicLong(START);
    private final Random random;
    private final long skew;
    private final int slowest;

    MadeWay(long seed, long skew, int slowest) {
      this.random = new Random(seed);
      this.skew = skew;
      this.slowest = slowest;
    }

    long theirs() {
      now.addAndGet(random.nextInt(slowest));
      long there = now.get() + skew;
      now.addAndGet(random.nextInt(slowest) / 7);
      return there;
    }
  }

  @Property
  void theTrueOffsetLiesWithinTheStatedError(
      @ForAll long seed,
      @ForAll @LongRange(min = -4_000_000_000_000L, max = 4_000_000_000_000L) long skew,
      @ForAll @LongRange(min = 1, max = 50_000_000) long slowest) {
    MadeWay way = new MadeWay(seed, skew, (int) slowest);
    ClockOffset measured = ClockProbe.measure(way::theirs, way.now::get);
    assertThat(Math.abs(measured.offset() - skew)).isLessThanOrEqualTo(measured.error());
    assertThat(measured.error()).isLessThanOrEqualTo(slowest + 1);
    assertThat(measured.at()).isBetween(START, way.now.get());
  }

  @Property
  void anInstantThatIsPutOnTheServersClockAndBackIsTheSame(
      @ForAll long seed, @ForAll @LongRange(min = -1_000_000, max = 1_000_000) long instant) {
    Random random = new Random(seed);
    List<ClockOffset> measured =
        random
            .longs(20, -100, 100)
            .mapToObj(drift -> 5_000_000 + drift)
            .map(offset -> new ClockOffset(START + random.nextInt(1_000_000), offset, 10))
            .toList();
    ClockSeries series = new ClockSeries(measured);
    long server = series.toServer(START + instant);
    assertThat(series.toNode(server)).isCloseTo(START + instant, within(50));
  }

  private static org.assertj.core.data.Offset<Long> within(long nanos) {
    return org.assertj.core.data.Offset.offset(nanos);
  }

  @Test
  void betweenTwoMeasurementsTheOffsetGoesStraightAndTheErrorSaysHowFar() {
    ClockSeries series =
        new ClockSeries(List.of(new ClockOffset(2_000, 300, 5), new ClockOffset(1_000, 100, 20)));
    assertThat(series.at(1_500)).isEqualTo(new ClockOffset(1_500, 200, 120));
    assertThat(series.at(0)).isEqualTo(new ClockOffset(0, 100, 20));
    assertThat(series.at(9_000)).isEqualTo(new ClockOffset(9_000, 300, 5));
    assertThat(series.largestError()).isEqualTo(220);
    // A clock that goes a fifth too fast; real ones go so by some millionths.
    assertThat(series.toServer(1_700)).isCloseTo(1_500, within(2));
    assertThat(ClockSeries.UNKNOWN.toServer(1_700)).isEqualTo(1_700);
  }

  @Test
  void aClockOfOursThatGoesBackAllTheTimeMeasuresNothing() {
    AtomicLong back = new AtomicLong(START);
    assertThatThrownBy(() -> ClockProbe.measure(() -> START, back::decrementAndGet))
        .isInstanceOf(Problem.class);
  }
}
