package org.heapatlas.eclipse.ui.widgets;

import java.util.List;
import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The box beside the pointer, above everything else of its pane. */
final class Tip extends VBox {
  /** Something that is said of a thing; exact: with every digit. */
  record Figure(String title, String text, String exact) {}

  private static final double DISTANCE = 14;
  private static final double WIDEST = 360;

  Tip(Pane pane) {
    getStyleClass().add("tip");
    setManaged(false);
    setVisible(false);
    setMouseTransparent(true);
    setViewOrder(-1);
    pane.getChildren().add(this);
  }

  void hide() {
    setVisible(false);
  }

  /** x and y: the pointer, in the pane. */
  void show(double x, double y, List<? extends Node> content) {
    getChildren().setAll(content);
    setVisible(true);
    applyCss();
    var pane = (Region) getParent();
    double width = Math.min(Math.min(WIDEST, Math.max(120, pane.getWidth() - 16)), prefWidth(-1));
    double height = prefHeight(width);
    double left =
        x > pane.getWidth() / 2 && x + DISTANCE + width > pane.getWidth()
            ? x - DISTANCE - width
            : x + DISTANCE;
    double top =
        y > pane.getHeight() / 2 && y + DISTANCE + height > pane.getHeight()
            ? y - DISTANCE - height
            : y + DISTANCE;
    resizeRelocate(
        Math.clamp(left, 0, Math.max(0, pane.getWidth() - width)),
        Math.max(
            Math.min(0, pane.getHeight() - height),
            Math.min(top, Math.max(0, pane.getHeight() - height))),
        width,
        height);
    layout();
  }

  static GridPane figures(List<Figure> figures) {
    var grid = new GridPane(16, 2);
    var end = new ColumnConstraints();
    end.setHalignment(HPos.RIGHT);
    grid.getColumnConstraints().addAll(new ColumnConstraints(), end);
    int row = 0;
    for (var figure : figures) {
      grid.addRow(row++, Parts.label(figure.title(), "muted"), Parts.label(figure.text()));
    }
    return grid;
  }
}
