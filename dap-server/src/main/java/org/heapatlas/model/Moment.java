package org.heapatlas.model;

import java.util.Locale;

/** An instant of a recorded process: before an event, or at a time since the process's start. */
public sealed interface Moment {
  Moment BEGINNING = new Position(0);
  Moment END = new Position(Long.MAX_VALUE);

  /** Beyond the ends: the end. */
  record Position(long number) implements Moment {}

  /** Before the first event at this time or after it. */
  record Time(long nanos) implements Moment {}

  /** A duration as the time, {@code begin}, {@code end}, or the bare number of a position. */
  static Moment parse(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (word.equals("begin") || word.equals("end")) {
      return word.equals("end") ? END : BEGINNING;
    }
    if (word.matches("\\d{1,18}")) {
      return new Position(Long.parseLong(word));
    }
    try {
      return new Time(Durations.parse(word));
    } catch (Problem e) {
      throw new Problem(
          Problem.Kind.USED_WRONGLY,
          "'%s' is no instant; write a time such as 12.5s, the number of an event, begin or end"
              .formatted(text.strip()),
          e);
    }
  }
}
