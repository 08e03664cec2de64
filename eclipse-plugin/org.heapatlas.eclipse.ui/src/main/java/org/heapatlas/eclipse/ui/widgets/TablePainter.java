package org.heapatlas.eclipse.ui.widgets;

import java.util.List;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;
import org.heapatlas.eclipse.view.Numbers;
import org.heapatlas.eclipse.view.Table;
import org.heapatlas.eclipse.view.Table.Cell;
import org.heapatlas.eclipse.view.Table.Column;

/** Paints one row of a table. */
final class TablePainter {
  private static final Color SPARK = Color.web("#0072b2");
  private static final Color SPARK_LAST = Color.web("#e69f00");
  private static final double SPARK_WIDTH = 132;
  private static final double SPARK_HEIGHT = 20;
  private static final double TWIST = 16;
  private static final double NUMBER_PADDING = 5;
  private static final double ROW = TableRows.HEIGHT - 1;

  /** How the row stands out. */
  record State(boolean hovered, boolean selected, boolean focused, String twist) {}

  private final GraphicsContext context;
  private final Theme theme;
  private final Table table;
  private final List<TableModel.Place> places;
  private final double[] peaks;
  private final double width;

  TablePainter(
      GraphicsContext context,
      Theme theme,
      Table table,
      List<TableModel.Place> places,
      double[] peaks,
      double width) {
    this.context = context;
    this.theme = theme;
    this.table = table;
    this.places = places;
    this.peaks = peaks;
    this.width = width;
    context.setTextBaseline(VPos.CENTER);
  }

  /**
   * @param row null where it is awaited
   */
  void paint(Table.Row row, double top, double height, State state) {
    if (state.selected) fill(theme.accentSoft(), top);
    else if (state.hovered) fill(theme.hover(), top);
    context.setFill(Palette.withAlpha(theme.border(), 0.55));
    context.fillRect(0, top + height - 1, width, 1);
    for (int at = 0; at < places.size(); at++) {
      if (row == null || at >= row.cells().size()) paintWaiting(places.get(at), top);
      else paintCell(row, at, top, at == 0 ? state.twist : "");
    }
    if (!state.focused) return;
    context.setStroke(theme.accent());
    context.setLineWidth(2);
    context.strokeRect(1, top + 1, width - 2, ROW - 2);
  }

  private void fill(Color colour, double top) {
    context.setFill(colour);
    context.fillRect(0, top, width, ROW);
  }

  private void paintWaiting(TableModel.Place place, double top) {
    context.setFill(theme.hover());
    context.fillRoundRect(place.x(), top + 9, place.width(), 10, 4, 4);
  }

  private void paintCell(Table.Row row, int at, double top, String twist) {
    var cell = row.cells().get(at);
    var column = table.columns().get(at);
    var place = places.get(at);
    double middle = top + ROW / 2;
    if (column.bar()) {
      double share = TableModel.barShare(cell, peaks[at]);
      context.setFill(Palette.withAlpha(theme.accent(), row.muted() ? 0.08 : 0.24));
      context.fillRoundRect(place.x(), top + 5, place.width() * share, ROW - 10, 4, 4);
    }
    double x = place.x();
    if (at == 0) {
      context.setTextAlign(TextAlignment.LEFT);
      context.setFont(theme.font(13));
      context.setFill(theme.muted());
      context.fillText(twist, x, middle);
      x += TWIST;
    }
    if (!cell.spark().isEmpty()) paintSpark(cell.spark(), x, top + 3);
    else paintText(cell, column, row.muted(), x, place.end(), middle);
  }

  private void paintText(
      Cell cell, Column column, boolean muted, double x, double end, double middle) {
    var font = theme.font(13);
    boolean number = column.isNumeric();
    double room = end - x - (number ? 2 * NUMBER_PADDING : 0);
    context.setFont(font);
    context.setFill(cell.isSource() ? theme.link() : muted ? theme.muted() : theme.text());
    context.setTextAlign(number ? TextAlignment.RIGHT : TextAlignment.LEFT);
    var text = TextFit.fit(TableModel.cellText(cell, column), font, room);
    context.fillText(text, number ? end - NUMBER_PADDING : x, middle);
  }

  /** The last bar stands apart, for it counts what the others cannot. */
  private void paintSpark(Numbers values, double x, double y) {
    double step = SPARK_WIDTH / (values.size() + 0.5);
    for (int at = 0; at < values.size(); at++) {
      boolean last = at == values.size() - 1;
      double height = TableModel.sparkHeight(values.get(at), values.peak(), SPARK_HEIGHT - 1);
      context.setFill(last ? SPARK_LAST : SPARK);
      context.fillRect(
          x + at * step + (last ? step / 2 : 0),
          y + SPARK_HEIGHT - height,
          Math.max(1, step - 1),
          height);
    }
    context.setFill(theme.border());
    context.fillRect(x, y + SPARK_HEIGHT, SPARK_WIDTH, 1);
  }
}
