package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.layout.Pane;

/**
 * A row whose children go on in a next line where there is no room, in the middle of the line's
 * height. A child may take what its line leaves over ({@link #grow}), or stand at the line's end
 * ({@link #atEnd}).
 */
final class WrapRow extends Pane {
  private static final String KEY = "wrap-row";

  private enum Way {
    GROWS,
    ENDS
  }

  private record Line(List<Node> nodes, double height, double width) {}

  private final double gap;
  private final double lineGap;

  WrapRow(double gap, double lineGap, Node... children) {
    this.gap = gap;
    this.lineGap = lineGap;
    getChildren().setAll(children);
  }

  static <N extends Node> N grow(N node) {
    node.getProperties().put(KEY, Way.GROWS);
    return node;
  }

  static <N extends Node> N atEnd(N node) {
    node.getProperties().put(KEY, Way.ENDS);
    return node;
  }

  @Override
  public Orientation getContentBias() {
    return Orientation.HORIZONTAL;
  }

  @Override
  protected double computeMinWidth(double height) {
    return 0;
  }

  @Override
  protected double computePrefWidth(double height) {
    double sum = 0;
    for (var child : getManagedChildren()) sum += child.prefWidth(-1) + gap;
    return Math.max(0, sum - gap) + snappedLeftInset() + snappedRightInset();
  }

  @Override
  protected double computeMinHeight(double width) {
    return computePrefHeight(width);
  }

  @Override
  protected double computePrefHeight(double width) {
    double inside = width < 0 ? Double.MAX_VALUE : width - snappedLeftInset() - snappedRightInset();
    double sum = 0;
    for (var line : lines(inside)) sum += line.height + lineGap;
    return Math.max(0, sum - lineGap) + snappedTopInset() + snappedBottomInset();
  }

  /** A child that grows may be as narrow as it can be, if only it stays in its line. */
  private List<Line> lines(double width) {
    var lines = new ArrayList<Line>();
    var nodes = new ArrayList<Node>();
    double used = 0;
    double height = 0;
    for (var child : getManagedChildren()) {
      double wide = least(child);
      if (!nodes.isEmpty() && used + gap + wide > width + 0.5) {
        lines.add(new Line(List.copyOf(nodes), height, used));
        nodes.clear();
        used = 0;
        height = 0;
      }
      used += (nodes.isEmpty() ? 0 : gap) + wide;
      height = Math.max(height, child.prefHeight(Math.min(width, child.prefWidth(-1))));
      nodes.add(child);
    }
    if (!nodes.isEmpty()) lines.add(new Line(List.copyOf(nodes), height, used));
    return lines;
  }

  private static double least(Node child) {
    return way(child) == Way.GROWS ? child.minWidth(-1) : child.prefWidth(-1);
  }

  private static Object way(Node child) {
    return child.getProperties().get(KEY);
  }

  @Override
  protected void layoutChildren() {
    double left = snappedLeftInset();
    double width = getWidth() - left - snappedRightInset();
    double y = snappedTopInset();
    for (var line : lines(width)) {
      layoutLine(line, left, y, width);
      y += line.height + lineGap;
    }
  }

  private void layoutLine(Line line, double left, double y, double width) {
    double spare = Math.max(0, width - line.width);
    double growing = line.nodes.stream().filter(node -> way(node) == Way.GROWS).count();
    double x = left;
    for (var node : line.nodes) {
      double wide = least(node);
      if (way(node) == Way.GROWS) {
        double more = Math.clamp(node.maxWidth(-1) - wide, 0, spare / growing);
        wide += more;
        spare -= more;
        growing--;
      } else if (way(node) == Way.ENDS) {
        x += spare;
        spare = 0;
      }
      wide = Math.min(wide, left + width - x);
      double high = node.prefHeight(wide);
      node.resizeRelocate(
          snapPositionX(x), snapPositionY(y + (line.height - high) / 2), wide, high);
      x += wide + gap;
    }
  }
}
