package org.heapatlas.eclipse.view;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lines of fields as CSV. */
public final class Csv {
  private static final Pattern FORMULA = Pattern.compile("(?s)(?:[=+@\\t\\r]|-(?!\\d)).*");
  private static final Pattern QUOTED = Pattern.compile("(?s).*[\",\\n\\r].*");

  private Csv() {}

  public static String of(List<List<String>> lines) {
    return lines.stream()
        .map(line -> line.stream().map(Csv::field).collect(Collectors.joining(",")))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** Quoted where it must be; a leading sign of a formula is defused. */
  static String field(String text) {
    var safe = FORMULA.matcher(text).matches() ? "'" + text : text;
    return QUOTED.matcher(safe).matches() ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
