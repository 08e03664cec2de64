package org.heapatlas.model;

import java.util.Locale;

/** Amounts as people read them. */
public final class Bytes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Bytes() {}

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
