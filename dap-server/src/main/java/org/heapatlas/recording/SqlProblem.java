package org.heapatlas.recording;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Problem;

/** What the database says of a query, as one sentence with the place in the query. */
final class SqlProblem {
  private static final Pattern PLACE =
      Pattern.compile("LINE (\\d+): (.*)\\R( *)\\^", Pattern.MULTILINE);
  private static final Pattern SORT = Pattern.compile("^[A-Za-z ]+ Error: ");
  private static final String DOTS = "...";

  private SqlProblem() {}

  static Problem of(SQLException e, String sql, HeapDatabase.Limits limits) {
    String said = String.valueOf(e.getMessage());
    if (said.startsWith("Out of Memory")) {
      return new Problem(
          Problem.Kind.FAILED,
          "the query needs more than %s of memory; narrow it, or give it more with --memory"
              .formatted(Bytes.text(limits.memoryBytes())),
          e);
    }
    String place = place(said, sql).map(at -> "SQL at " + at + ": ").orElse("SQL: ");
    return new Problem(Problem.Kind.USED_WRONGLY, place + sentence(said), e);
  }

  /** A failure of the parser alone, which names an offset in bytes. */
  static Problem ofParser(JsonNode answer, String sql) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    int offset = Math.clamp(answer.path("position").asInt(0), 0, text.length);
    String before = new String(text, 0, offset, StandardCharsets.UTF_8);
    long line = before.chars().filter(letter -> letter == '\n').count() + 1;
    int column = before.length() - before.lastIndexOf('\n');
    return Problem.usedWrongly(
        "SQL at %d:%d: %s".formatted(line, column, answer.path("error_message").asText()));
  }

  private static String sentence(String said) {
    int end = said.indexOf("\nLINE ");
    String text = end < 0 ? said : said.substring(0, end);
    List<String> lines =
        text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("at org."))
            .toList();
    String joined = String.join("; ", lines).replace("!;", ";").replace("?;", "?");
    return SORT.matcher(joined).replaceFirst("").replaceFirst("[!.]$", "");
  }

  /** line:column; the database shows a long line from its middle on. */
  private static Optional<String> place(String said, String sql) {
    Matcher found = PLACE.matcher(said);
    List<String> lines = sql.lines().toList();
    if (!found.find() || Integer.parseInt(found.group(1)) > lines.size()) {
      return Optional.empty();
    }
    int line = Integer.parseInt(found.group(1));
    String shown = found.group(2);
    int indent = ("LINE " + line + ": ").length();
    int at = found.group(3).length() - indent;
    boolean cut = shown.startsWith(DOTS);
    String part = shown.substring(cut ? DOTS.length() : 0).replaceFirst("\\.\\.\\.$", "");
    int begin = Math.max(0, lines.get(line - 1).indexOf(part));
    return Optional.of(line + ":" + (begin + at - (cut ? DOTS.length() : 0) + 1));
  }
}
