package org.heapatlas.collector;

import java.util.Comparator;
import java.util.List;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.session.HeapSource;

/**
 * When the processes of a replayed node lived, in nanoseconds since 1970 by that node's own clock,
 * and how that is put on the clock of the server that recorded it. Main entries: instantOf, and go,
 * which moves the whole node; both by the server's clock.
 */
record NodeTime(HeapSource source, ClockSeries clock, List<Life> lives) {
  /** {@code to}: where its recording ends. */
  record Life(long process, long from, long to) {
    boolean holds(long instant) {
      return from <= instant && instant <= to;
    }
  }

  static NodeTime of(HeapSource source, ClockSeries clock) {
    return new NodeTime(
        source,
        clock,
        source.processes("").stream()
            .map(
                process -> {
                  long from = process.startRealNanos();
                  return new Life(
                      process.id(), from, from + source.timeline(process.id()).endNanos());
                })
            .toList());
  }

  /** {@code nanos}: since the process's start. */
  long instantOf(long process, long nanos) {
    return lives.stream()
        .filter(each -> each.process() == process)
        .findFirst()
        .map(life -> clock.toServer(life.from() + nanos))
        .orElseThrow(() -> Problem.notFound("no node knows the process %d".formatted(process)));
  }

  /**
   * A collector moves all its processes to the instant of one, which is never outside of that one's
   * life: so one that lived then, or the next to begin, or the last to end.
   */
  void go(long serverInstant) {
    long instant = clock.toNode(serverInstant);
    lives.stream()
        .filter(life -> life.holds(instant))
        .findFirst()
        .or(
            () ->
                lives.stream()
                    .filter(life -> life.from() > instant)
                    .min(Comparator.comparingLong(Life::from)))
        .or(() -> lives.stream().max(Comparator.comparingLong(Life::to)))
        .ifPresent(
            life ->
                source.seek(life.process(), new Moment.Time(Math.max(instant - life.from(), 0))));
  }
}
