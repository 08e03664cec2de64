package org.heapatlas.eclipse.ui.widgets;

import java.util.List;
import javafx.geometry.HPos;
import javafx.geometry.Insets;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.StackLine;

/** A call stack as a list, each frame with its source line as a link. */
final class StackList {
  private static final double LINE = 19;

  private StackList() {}

  static Region of(List<StackLine> lines, WidgetHost host) {
    var grid = new GridPane(12, 0);
    grid.getStyleClass().add("stack");
    grid.setPadding(new Insets(6, 12, 10, 8));
    if (lines.isEmpty()) {
      grid.addRow(0, Parts.wrapped("No call stack was recorded.", "mono", "small"));
      return grid;
    }
    grid.getColumnConstraints().addAll(fixed(22), share(60), share(40));
    int row = 0;
    int index = 0;
    for (var line : lines) {
      if (line.isHeading()) {
        grid.add(Parts.label(line.function(), "strong", "small"), 0, row++, 3, 1);
        index = 0;
      } else addLine(grid, row++, index++, line, host);
    }
    var copy =
        Parts.link(
            "Copy stack",
            "Copy the stack as text",
            () -> host.copyText(StackLine.textOf(lines), "The stack"));
    copy.getStyleClass().addAll("mono", "small");
    grid.add(copy, 1, row);
    return grid;
  }

  static double heightOf(List<StackLine> lines) {
    return 16 + LINE * (lines.isEmpty() ? 1 : lines.size() + 1);
  }

  /** A link to a source line. */
  static Region source(String path, int line, WidgetHost host, String... styles) {
    var link =
        Parts.link(Format.source(path, line), path + ":" + line, () -> host.openSource(path, line));
    link.getStyleClass().addAll(styles);
    return link;
  }

  /** The same, never cut. */
  static Region wholeSource(String path, int line, WidgetHost host, String... styles) {
    var link = source(path, line, host, styles);
    link.setMinWidth(Region.USE_PREF_SIZE);
    return link;
  }

  private static void addLine(GridPane grid, int row, int index, StackLine line, WidgetHost host) {
    var number = Parts.label(Integer.toString(index), "muted", "mono", "small");
    GridPane.setHalignment(number, HPos.RIGHT);
    var place =
        line.path().isEmpty()
            ? Parts.label(Format.source(line.module(), 0), "muted", "mono", "small")
            : source(line.path(), line.line(), host, "mono", "small");
    var function = Parts.label(line.function(), "mono", "small");
    function.setMinHeight(LINE);
    grid.addRow(row, number, function, place);
  }

  private static ColumnConstraints fixed(double width) {
    return new ColumnConstraints(width);
  }

  private static ColumnConstraints share(double percent) {
    var column = new ColumnConstraints(0, 100, Double.MAX_VALUE);
    column.setPercentWidth(percent * 0.94);
    column.setHgrow(Priority.ALWAYS);
    return column;
  }
}
