package org.heapatlas.recording;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.heapatlas.model.Durations;
import org.heapatlas.model.Problem;

/**
 * A query that was written once for many recordings: SQL with {@code ${parameters}}, and comments
 * that say its title, what it is for, and what each parameter is unless it is set.
 */
public record Template(
    String name, String title, String description, List<Parameter> parameters, String sql) {
  public record Parameter(String name, String usual, String text) {}

  private static final Pattern WORD =
      Pattern.compile("^-- (title|description): (.+)$", Pattern.MULTILINE);
  private static final Pattern PARAMETER =
      Pattern.compile("^-- set (\\w+) = ([^:\\n]+): (.+)$", Pattern.MULTILINE);
  private static final Pattern PLACE = Pattern.compile("\\$\\{(\\w+)}");
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(?:\\.\\d{1,9})?");
  private static final Pattern DURATION = Pattern.compile("\\d[\\d.]*(?:ns|us|ms|s|m|h)");

  /** The title is the name where the file has none. */
  static Template parse(String name, String sql) {
    Map<String, String> words = new LinkedHashMap<>();
    WORD.matcher(sql).results().forEach(found -> words.put(found.group(1), found.group(2)));
    return new Template(
        name,
        words.getOrDefault("title", name),
        words.getOrDefault("description", ""),
        PARAMETER
            .matcher(sql)
            .results()
            .map(found -> new Parameter(found.group(1), found.group(2).strip(), found.group(3)))
            .toList(),
        sql);
  }

  /** The query with these parameters, the others as usual. */
  public String with(Map<String, String> set) {
    Map<String, String> values = new LinkedHashMap<>();
    parameters.forEach(parameter -> values.put(parameter.name(), parameter.usual()));
    for (Map.Entry<String, String> each : set.entrySet()) {
      if (values.put(each.getKey(), each.getValue()) == null) {
        throw Problem.usedWrongly(
            "the template '%s' has no parameter '%s'".formatted(name, each.getKey()));
      }
    }
    return PLACE
        .matcher(sql)
        .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), values)));
  }

  private String value(String parameter, Map<String, String> values) {
    String text = values.get(parameter);
    if (text == null) {
      throw Problem.usedWrongly(
          "the template '%s' uses ${%s}, but has no line '-- set %s = …: …'"
              .formatted(name, parameter, parameter));
    }
    return literal(text);
  }

  /** A number, an instant or a duration in nanoseconds, or a text. */
  private static String literal(String text) {
    if (NUMBER.matcher(text).matches()) {
      return text;
    }
    if (DURATION.matcher(text).matches()) {
      return Long.toString(Durations.parse(text));
    }
    return switch (text) {
      case "begin" -> "0";
      case "end" -> Long.toString(Long.MAX_VALUE);
      default -> "'" + text.replace("'", "''") + "'";
    };
  }

  /** Assignments such as {@code from=2s}. */
  public static Map<String, String> assignments(List<String> words) {
    Map<String, String> set = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw Problem.usedWrongly("'%s' sets no parameter; write it as name=value".formatted(word));
      }
      set.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return set;
  }
}
