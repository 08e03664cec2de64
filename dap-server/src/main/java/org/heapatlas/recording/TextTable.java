package org.heapatlas.recording;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows as a table for people: numbers to the right, long texts cut. */
public final class TextTable {
  private static final int WIDEST = 100;
  private static final int ROWS_THAT_SET_WIDTHS = 1000;
  private static final String GAP = "  ";

  private final List<Answer.Heading> headings;
  private final List<List<String>> rows = new ArrayList<>();

  private TextTable(List<Answer.Heading> headings) {
    this.headings = headings;
  }

  /** At most so many rows, and how many more there are. */
  public static String of(Answer answer, int most) {
    StringBuilder text = new StringBuilder();
    long left = write(answer, most, text);
    if (left > 0) {
      text.append("%,d more rows are not shown; narrow the query, or LIMIT it%n".formatted(left));
    }
    return text.toString().stripTrailing();
  }

  /** Answers how many rows were left out. */
  static long write(Answer answer, long most, Appendable out) {
    TextTable table = new TextTable(answer.headings());
    long shown = 0;
    int[] widths = null;
    while (shown < most && answer.next()) {
      table.rows.add(table.row(answer));
      shown++;
      if (table.rows.size() == ROWS_THAT_SET_WIDTHS) {
        widths = table.flush(widths, out);
      }
    }
    table.flush(widths, out);
    long left = 0;
    while (answer.next()) {
      left++;
    }
    return left;
  }

  private List<String> row(Answer answer) {
    return IntStream.range(0, headings.size())
        .mapToObj(column -> cell(answer.value(column)))
        .toList();
  }

  private static String cell(Object value) {
    if (value == null) {
      return "";
    }
    String text = value.toString().replaceAll("\\R", " ");
    return text.length() > WIDEST ? text.substring(0, WIDEST - 1) + "…" : text;
  }

  /** The first rows say how wide the columns are; a heading comes before them. */
  private int[] flush(int[] known, Appendable out) {
    int[] widths = known == null ? widths() : known;
    try {
      if (known == null) {
        out.append(line(headings.stream().map(Answer.Heading::name).toList(), widths));
      }
      for (List<String> row : rows) {
        out.append(line(row, widths));
      }
    } catch (IOException e) {
      throw Results.unwritten(e);
    }
    rows.clear();
    return widths;
  }

  private int[] widths() {
    return IntStream.range(0, headings.size())
        .map(
            column ->
                Math.max(
                    headings.get(column).name().length(),
                    rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)))
        .toArray();
  }

  private String line(List<String> cells, int[] widths) {
    return IntStream.range(0, cells.size())
            .mapToObj(
                column -> padded(cells.get(column), widths[column], headings.get(column).isRight()))
            .collect(Collectors.joining(GAP))
            .stripTrailing()
        + "\n";
  }

  private static String padded(String text, int width, boolean right) {
    String blanks = " ".repeat(Math.max(0, width - text.length()));
    return right ? blanks + text : text + blanks;
  }
}
