package org.heapatlas.eclipse.view;

import java.util.List;
import java.util.Optional;

/**
 * The rows [offset, offset + rows) of total.
 *
 * @param query the SQL whose answer they are, where the frame has the action query
 */
public record Table(
    List<Column> columns,
    List<Row> rows,
    int offset,
    int total,
    String sort,
    boolean descending,
    String query)
    implements WidgetData {
  public record Column(
      String id, String title, String unit, String align, boolean sortable, boolean bar) {
    public boolean isNumeric() {
      return align.equals("right") || align.equals("end") || bar || !unit.isEmpty();
    }
  }

  /**
   * @param muted of little weight, as what chance explains
   */
  public record Row(String id, List<Cell> cells, List<StackLine> detail, boolean muted) {}

  /**
   * Aligned with the columns: text, number or source link.
   *
   * @param number NaN where it has none
   * @param spark a small histogram, whose last bar is of what has no place in it; empty where there
   *     is none
   */
  public record Cell(String text, double number, String path, int line, Numbers spark) {
    public boolean hasNumber() {
      return !Double.isNaN(number);
    }

    public boolean isSource() {
      return !path.isEmpty() && text.isEmpty();
    }
  }

  static Table read(Json data) {
    var lines = data.list("lines", StackLine::read);
    return new Table(
        data.list("columns", Table::readColumn),
        data.list("rows", row -> readRow(row, lines)),
        data.integer("offset"),
        data.integer("total"),
        data.string("sort"),
        data.bool("descending"),
        data.string("query"));
  }

  private static Column readColumn(Json column) {
    return new Column(
        column.string("id"),
        column.string("title"),
        column.string("unit"),
        column.string("align"),
        column.bool("sortable"),
        column.bool("bar"));
  }

  private static Row readRow(Json row, List<StackLine> lines) {
    return new Row(
        row.string("id"),
        row.list("cells", Table::readCell),
        row.picks("detail", lines),
        row.bool("muted"));
  }

  private static Cell readCell(Json cell) {
    return new Cell(
        cell.string("text"),
        cell.has("number") ? cell.number("number") : Double.NaN,
        cell.string("path"),
        cell.integer("line"),
        cell.numbers("spark"));
  }

  /** Empty where the row is not in the window. */
  public Optional<Row> row(int index) {
    int at = index - offset;
    return at >= 0 && at < rows.size() ? Optional.of(rows.get(at)) : Optional.empty();
  }
}
