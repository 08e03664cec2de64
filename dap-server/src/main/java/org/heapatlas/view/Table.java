package org.heapatlas.view;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.List;

/**
 * The rows [offset, offset + rows) of total; cells are aligned with columns. {@code query} is the
 * SQL whose answer they are, or null.
 */
@JsonSerialize(using = TableJson.class)
public record Table(
    List<Column> columns,
    List<Row> rows,
    long offset,
    long total,
    String sort,
    boolean descending,
    String query)
    implements WidgetData {
  public Table(
      List<Column> columns,
      List<Row> rows,
      long offset,
      long total,
      String sort,
      boolean descending) {
    this(columns, rows, offset, total, sort, descending, null);
  }

  /** The same, as the answer of a query. */
  public Table of(String sql) {
    return new Table(columns, rows, offset, total, sort, descending, sql);
  }

  public record Column(
      String id, String title, String unit, String align, boolean sortable, boolean bar) {
    public static Column text(String id, String title) {
      return new Column(id, title, "", "left", false, false);
    }

    public static Column number(String id, String title, String unit) {
      return new Column(id, title, unit, "right", true, false);
    }

    public static Column bar(String id, String title, String unit) {
      return new Column(id, title, unit, "right", true, true);
    }
  }

  /** {@code muted}: of little weight, as what chance explains. */
  public record Row(String id, List<Cell> cells, List<StackLine> detail, boolean muted) {
    public Row(String id, List<Cell> cells, List<StackLine> detail) {
      this(id, cells, detail, false);
    }
  }

  /** Text, a number, a place in a source file, or a small histogram. */
  public record Cell(String text, Double number, String path, Integer line, double[] spark) {
    Cell(String text, Double number, String path, Integer line) {
      this(text, number, path, line, null);
    }

    /** A bar a value; the last one stands apart, for what has no place among the others. */
    public static Cell spark(String words, double[] values) {
      return new Cell(words, null, null, null, values);
    }

    public static Cell text(String text) {
      return new Cell(text, null, null, null);
    }

    public static Cell number(double number) {
      return new Cell(null, number, null, null);
    }

    public static Cell source(String path, int line) {
      return new Cell(null, null, path, line);
    }
  }

  public record StackLine(String function, String path, int line, String module) {}
}
