package org.heapatlas.model;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people write them. */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|ms|s|m|h)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Durations() {}

  /** Nanoseconds of {@code 12.5s}, {@code 500ms}, {@code 2m}; a Problem names anything else. */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (form.matches()) {
      BigDecimal nanos =
          new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(UNITS.get(form.group(2))));
      if (nanos.compareTo(LONGEST) <= 0) {
        return nanos.longValue();
      }
    }
    throw Problem.usedWrongly(
        "'%s' is no duration; write a number and ns, us, ms, s, m or h".formatted(text.strip()));
  }
}
