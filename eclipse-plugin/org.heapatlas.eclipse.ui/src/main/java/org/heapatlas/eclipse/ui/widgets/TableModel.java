package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.heapatlas.eclipse.view.Csv;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Table;
import org.heapatlas.eclipse.view.Table.Cell;
import org.heapatlas.eclipse.view.Table.Column;

/**
 * What a table shows, apart from where: cell texts, bar lengths, column widths, the window to ask
 * for, CSV. Pure.
 */
public final class TableModel {
  /**
   * Rows asked for around the ones in sight, so that scrolling a little needs no answer from afar.
   */
  private static final int MARGIN = 50;

  private static final int LONGEST_FILTER = 80;

  static final double GAP = 14;
  static final double PADDING = 10;
  private static final double NUMBER_LEAST = 104;
  private static final double NUMBER_MOST = 132;
  private static final double FIRST_LEAST = 180;
  private static final double WORDS_LEAST = 120;

  /** A part of a table: {@code rows} from {@code offset} on. */
  public record Window(int offset, int rows) {}

  /** Where a column stands. */
  record Place(double x, double width) {
    double end() {
      return x + width;
    }
  }

  private TableModel() {}

  public static String cellText(Cell cell, Column column) {
    if (!cell.text().isEmpty()) return cell.text();
    if (cell.hasNumber()) return Format.quantity(cell.number(), column.unit());
    // proto3's JSON leaves zeros out: a numeric cell without a number is a zero.
    if (column.isNumeric() && cell.path().isEmpty()) return Format.quantity(0, column.unit());
    return Format.source(cell.path(), cell.line());
  }

  /** What is said of a cell under the pointer. */
  static String exactText(Cell cell, Column column) {
    var text = cellText(cell, column);
    if (!cell.path().isEmpty()) return text + "\n" + cell.path() + ":" + cell.line();
    return cell.hasNumber() ? Format.exactly(cell.number(), column.unit()) : text;
  }

  /** The largest value of each column among the rows at hand; bars are drawn against it. */
  static double[] peaks(Table table) {
    return IntStream.range(0, table.columns().size())
        .mapToDouble(
            at ->
                table.rows().stream()
                    .filter(row -> at < row.cells().size() && row.cells().get(at).hasNumber())
                    .mapToDouble(row -> Math.abs(row.cells().get(at).number()))
                    .max()
                    .orElse(0))
        .toArray();
  }

  static double barShare(Cell cell, double peak) {
    return cell.hasNumber() && peak > 0 ? Math.min(1, Math.abs(cell.number()) / peak) : 0;
  }

  /** The window to ask for so that [first, last] is in it, or nothing when it is there already. */
  public static Optional<Window> windowFor(Table table, int first, int last) {
    int end = Math.min(last + 1, table.total());
    int from = Math.max(0, first);
    boolean there = table.offset() <= from && end <= table.offset() + table.rows().size();
    if (end <= from || there) return Optional.empty();
    int offset = Math.max(0, from - MARGIN);
    return Optional.of(new Window(offset, Math.min(end + MARGIN, table.total()) - offset));
  }

  static double leastWidth(List<Column> columns) {
    double sum = 2 * PADDING + GAP * (columns.size() - 1);
    for (int at = 0; at < columns.size(); at++) sum += least(columns, at);
    return sum;
  }

  private static double least(List<Column> columns, int at) {
    if (columns.get(at).isNumeric()) return NUMBER_LEAST;
    return isFirstOfWords(columns, at) ? FIRST_LEAST : WORDS_LEAST;
  }

  private static boolean isFirstOfWords(List<Column> columns, int at) {
    return columns.subList(0, at).stream().allMatch(Column::isNumeric);
  }

  /** Numbers get what they need, the first column of words most of the rest. */
  static List<Place> places(List<Column> columns, double width) {
    double spare = Math.max(0, width - leastWidth(columns));
    long numbers = columns.stream().filter(Column::isNumeric).count();
    double each = numbers == 0 ? 0 : Math.min(NUMBER_MOST - NUMBER_LEAST, spare / numbers);
    double rest = spare - each * numbers;
    double forWords = rest;
    double shares = 0;
    for (int at = 0; at < columns.size(); at++) {
      if (columns.get(at).isNumeric()) continue;
      forWords += least(columns, at);
      shares += isFirstOfWords(columns, at) ? 3 : 2;
    }
    var places = new ArrayList<Place>();
    double x = PADDING;
    for (int at = 0; at < columns.size(); at++) {
      double wide;
      if (columns.get(at).isNumeric()) wide = NUMBER_LEAST + each;
      else wide = forWords * (isFirstOfWords(columns, at) ? 3 : 2) / shares;
      places.add(new Place(x, Math.max(wide, columns.get(at).isNumeric() ? 0 : WORDS_LEAST)));
      x += places.getLast().width + GAP;
    }
    return places;
  }

  /** A bar a value, against the largest; what is there can be seen, however little it is. */
  static double sparkHeight(double value, double most, double height) {
    return value > 0 ? Math.max(1.5, value / most * height) : 0;
  }

  /** What a row is about, in the words of its first cell, without how it came to be. */
  static String filterWords(Table.Row row) {
    var text = row.cells().isEmpty() ? "" : row.cells().getFirst().text();
    var what = text.split(" (?:←|via) ", 2)[0].strip();
    return what.substring(0, Math.min(what.length(), LONGEST_FILTER));
  }

  /** Its cells as they are shown, with tabs between. */
  static String text(Table table, Table.Row row) {
    var cells = new ArrayList<String>();
    for (int at = 0; at < Math.min(row.cells().size(), table.columns().size()); at++) {
      cells.add(cellText(row.cells().get(at), table.columns().get(at)));
    }
    return String.join("\t", cells);
  }

  public static String csv(Table table) {
    var head =
        table.columns().stream()
            .map(c -> c.unit().isEmpty() ? c.title() : c.title() + " (" + c.unit() + ")");
    var lines = table.rows().stream().map(row -> line(table, row));
    return Csv.of(Stream.concat(Stream.of(head.toList()), lines).toList());
  }

  private static List<String> line(Table table, Table.Row row) {
    return IntStream.range(0, table.columns().size())
        .mapToObj(
            at -> {
              if (at >= row.cells().size()) return "";
              var cell = row.cells().get(at);
              if (cell.hasNumber()) return Format.plain(cell.number());
              return cell.path().isEmpty()
                  ? cellText(cell, table.columns().get(at))
                  : cell.path() + ":" + cell.line();
            })
        .toList();
  }
}
