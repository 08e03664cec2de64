package org.heapatlas.session;

import java.util.Optional;
import java.util.OptionalLong;
import org.heapatlas.model.TimeSpan;

/** The instants A and B that a user marked, in nanoseconds, in either order. */
public record MarkedTimes(OptionalLong a, OptionalLong b) {
  public static final MarkedTimes NONE =
      new MarkedTimes(OptionalLong.empty(), OptionalLong.empty());

  static MarkedTimes of(TimeSpan span) {
    return new MarkedTimes(OptionalLong.of(span.from()), OptionalLong.of(span.to()));
  }

  public MarkedTimes withA(long nanos) {
    return new MarkedTimes(OptionalLong.of(nanos), b);
  }

  public MarkedTimes withB(long nanos) {
    return new MarkedTimes(a, OptionalLong.of(nanos));
  }

  /** What lies between them, once both are marked and differ. */
  public Optional<TimeSpan> span() {
    if (a.isEmpty() || b.isEmpty() || a.getAsLong() == b.getAsLong()) {
      return Optional.empty();
    }
    return Optional.of(
        new TimeSpan(
            Math.min(a.getAsLong(), b.getAsLong()), Math.max(a.getAsLong(), b.getAsLong())));
  }
}
