package org.heapatlas.view;

import java.util.List;

/** The rows [offset, offset + rows) of total; cells are aligned with columns. */
public record Table(
    List<Column> columns, List<Row> rows, long offset, long total, String sort, boolean descending)
    implements WidgetData {
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

  public record Row(String id, List<Cell> cells, List<StackLine> detail) {}

  /** Text, a number, or a place in a source file. */
  public record Cell(String text, Double number, String path, Integer line) {
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
