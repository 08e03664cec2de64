package org.heapatlas.eclipse.ui.widgets;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A floating-point number with no more digits than its type holds, written as the browser writes
 * it. Pure.
 */
final class ShortestNumber {
  private static final int LONGEST_WHOLE = 21;
  private static final int LEAST_EXPONENT = -7;

  private ShortestNumber() {}

  static String of(double value, int digits) {
    if (Double.isNaN(value)) return "NaN";
    if (Double.isInfinite(value)) return value > 0 ? "Infinity" : "-Infinity";
    var rounded = new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
    if (rounded.signum() == 0) return "0";
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent < LONGEST_WHOLE && exponent >= LEAST_EXPONENT) return rounded.toPlainString();
    var mantissa = rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    return mantissa + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
  }
}
