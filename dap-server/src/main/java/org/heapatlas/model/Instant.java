package org.heapatlas.model;

/** An instant that a question names by its time. */
public final class Instant {
  private Instant() {}

  /** Nanoseconds since the process's start; the end is later than all. */
  public static long nanos(String text) {
    Moment moment = Moment.parse(text);
    if (moment.equals(Moment.BEGINNING)) {
      return 0;
    }
    if (moment.equals(Moment.END)) {
      return Long.MAX_VALUE;
    }
    return switch (moment) {
      case Moment.Time time -> time.nanos();
      case Moment.Position position ->
          throw Problem.usedWrongly(
              "'%s' is the number of an event; name a time such as 12.5s, begin or end"
                  .formatted(text));
    };
  }
}
