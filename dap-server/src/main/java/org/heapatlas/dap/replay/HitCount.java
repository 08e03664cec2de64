package org.heapatlas.dap.replay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.heapatlas.model.Problem;

/**
 * At which of its hits a breakpoint stops: {@code 5} and {@code == 5} at the fifth, {@code >= 5}
 * from it on, {@code % 5} at every fifth.
 */
record HitCount(String operator, long number) {
  static final HitCount EVERY = new HitCount(">=", 1);
  private static final Pattern FORM = Pattern.compile("\\s*(==|>=|<=|>|<|%)?\\s*(\\d{1,15})\\s*");

  static HitCount parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Long.parseLong(form.group(2)) == 0) {
      throw Problem.usedWrongly(
          "'%s' is no count of hits; write 5, >= 5, > 5, < 5, <= 5, == 5 or %% 5".formatted(text));
    }
    return new HitCount(
        form.group(1) == null ? "==" : form.group(1), Long.parseLong(form.group(2)));
  }

  boolean stopsAt(long hit) {
    return switch (operator) {
      case "==" -> hit == number;
      case ">=" -> hit >= number;
      case "<=" -> hit <= number;
      case ">" -> hit > number;
      case "<" -> hit < number;
      default -> hit % number == 0;
    };
  }
}
