package org.heapatlas.eclipse.view;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Figures as people read them: bytes, counts, rates, durations. Units are those of the contract: B,
 * ns, s, count (or none), %, ratio, and any of them with /s.
 */
public final class Format {
  private static final List<String> BINARY = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
  private static final List<String> DECIMAL = List.of("", "k", "M", "G", "T", "P");
  private static final String MISSING = "–";
  private static final Pattern BYTES = Pattern.compile("(?i)b|bytes?");
  private static final Pattern ENDS_WITH_DIGIT = Pattern.compile(".*\\d");
  private static final DecimalFormatSymbols ENGLISH = DecimalFormatSymbols.getInstance(Locale.US);

  private Format() {}

  public static String bytes(double bytes) {
    return Double.isFinite(bytes) ? scaled(bytes, 1024, BINARY) : MISSING;
  }

  /** Whole up to 9,999, then 12.3 k, 4.56 M. */
  public static String count(double count) {
    if (!Double.isFinite(count)) return MISSING;
    if (Math.abs(count) >= 9999.5) return scaled(count, 1000, DECIMAL);
    return count == Math.rint(count) ? grouped(count, 0) : threeDigits(count);
  }

  /** Every digit, for tooltips and copied text. */
  public static String exact(double value) {
    return Double.isFinite(value) ? grouped(value, 3) : MISSING;
  }

  /** The exact value with its unit. */
  public static String exactly(double value, String unit) {
    var shown = unit.replaceFirst("^(count|1)(?=$|/)", "").replaceFirst("^bytes", "B");
    return shown.isEmpty() ? exact(value) : exact(value) + " " + shown;
  }

  public static String duration(double nanos) {
    if (!Double.isFinite(nanos)) return MISSING;
    double size = Math.abs(nanos);
    if (size < 1e3) return threeDigits(nanos) + " ns";
    if (size < 1e6) return threeDigits(nanos / 1e3) + " µs";
    if (size < 1e9) return threeDigits(nanos / 1e6) + " ms";
    if (size < 60e9) return threeDigits(nanos / 1e9) + " s";
    return clock(nanos);
  }

  /** To a thousandth, so that neighbouring instants read differently. */
  public static String instant(double nanos) {
    return nanos >= 1e9 && nanos < 60e9 ? fixed(nanos / 1e9, 3) + " s" : duration(nanos);
  }

  public static boolean isBytes(String unit) {
    return BYTES.matcher(unit).matches();
  }

  /** 1024 for bytes and bytes a second, so that a tick reads 512 KiB and not 500,000 B; else 10. */
  public static int baseOf(String unit) {
    return isBytes(unit.endsWith("/s") ? unit.substring(0, unit.length() - 2) : unit) ? 1024 : 10;
  }

  /** The value with its unit, scaled for reading. */
  public static String quantity(double value, String unit) {
    if (!Double.isFinite(value)) return MISSING;
    if (unit.endsWith("/s")) {
      var of = unit.substring(0, unit.length() - 2);
      var amount = quantity(value, of.equals("1") ? "" : of);
      return amount + (ENDS_WITH_DIGIT.matcher(amount).matches() ? " /s" : "/s");
    }
    if (isBytes(unit)) return bytes(value);
    return switch (unit) {
      case "", "1", "count" -> count(value);
      case "ns" -> duration(value);
      case "us", "µs" -> duration(value * 1e3);
      case "ms" -> duration(value * 1e6);
      case "s" -> duration(value * 1e9);
      case "%", "percent" -> threeDigits(value) + " %";
      case "ratio" -> threeDigits(value * 100) + " %";
      default -> count(value) + " " + unit;
    };
  }

  /** The file's name of a path, with its line where that is known. */
  public static String source(String path, int line) {
    if (path.isEmpty()) return "";
    var file = path.substring(path.lastIndexOf('/') + 1);
    var name = file.isEmpty() ? path : file;
    return line > 0 ? name + ":" + line : name;
  }

  /**
   * As it is written in a file that other programs read: the shortest digits that say the value.
   */
  public static String plain(double value) {
    if (Double.isNaN(value)) return "";
    if (Double.isInfinite(value)) return value > 0 ? "Infinity" : "-Infinity";
    if (value == Math.rint(value) && Math.abs(value) < 1e15) return Long.toString((long) value);
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** Three significant digits, no trailing noise: 1.23, 12.3, 123. */
  private static String threeDigits(double value) {
    double size = Math.abs(value);
    if (size >= 100 || value == Math.rint(value)) return Long.toString(Math.round(value));
    return fixed(value, size >= 10 ? 1 : 2);
  }

  private static String fixed(double value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
  }

  private static String scaled(double value, double base, List<String> names) {
    int step = 0;
    double rest = value;
    // 999.5 would be shown as 1000: it belongs to the next unit already.
    while (Math.abs(rest) >= base - 0.5 && step < names.size() - 1) {
      rest /= base;
      step++;
    }
    return threeDigits(rest) + " " + names.get(step);
  }

  private static String grouped(double value, int digits) {
    var format = new DecimalFormat("#,##0", ENGLISH);
    format.setMaximumFractionDigits(digits);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(value);
  }

  private static String clock(double nanos) {
    var sign = nanos < 0 ? "−" : "";
    long seconds = (long) (Math.abs(nanos) / 1e9);
    long hours = seconds / 3600;
    long minutes = seconds / 60 % 60;
    return hours > 0
        ? "%s%d:%02d:%02d h".formatted(sign, hours, minutes, seconds % 60)
        : "%s%d:%02d min".formatted(sign, minutes, seconds % 60);
  }
}
