package org.heapatlas.model;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as people read them. */
public final class Bytes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private static final Pattern FORM = Pattern.compile("(\\d{1,12})([KMGT]?)(?:i?B)?");
  private static final String PREFIXES = "KMGT";
  private static final int PREFIX_SHIFT = 10;

  private Bytes() {}

  /**
   * {@code 100M}, {@code 2GiB}, {@code 4096}, with units of 1024; a Problem names anything else.
   */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (form.matches()) {
      long amount = Long.parseLong(form.group(1));
      int shift =
          form.group(2).isEmpty() ? 0 : PREFIX_SHIFT * (PREFIXES.indexOf(form.group(2)) + 1);
      if (amount <= Long.MAX_VALUE >> shift) {
        return amount << shift;
      }
    }
    throw Problem.usedWrongly(
        "'%s' is no size; write a number of bytes, or one with K, M, G or T"
            .formatted(text.strip()));
  }

  public static String text(double bytes) {
    int unit = 0;
    double amount = bytes;
    while (Math.abs(amount) >= 1024 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return unit == 0
        ? String.format(Locale.ROOT, "%.0f B", amount)
        : String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
  }
}
