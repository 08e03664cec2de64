package org.heapatlas.eclipse.ui.widgets;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.layout.Pane;

/** Cards of one width in rows, as many in a row as there is room for; two where it is narrow. */
final class CardGrid extends Pane {
  private static final double LEAST = 148;
  private static final double GAP = 8;
  private static final double NARROW = 480;

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
    return getManagedChildren().size() * (LEAST + GAP) - GAP;
  }

  @Override
  protected double computeMinHeight(double width) {
    return computePrefHeight(width);
  }

  @Override
  protected double computePrefHeight(double width) {
    int count = getManagedChildren().size();
    if (count == 0) return 0;
    int columns = columns(width < 0 ? computePrefWidth(-1) : width);
    int rows = (count + columns - 1) / columns;
    return rows * (rowHeight(cardWidth(width, columns)) + GAP) - GAP;
  }

  private int columns(double width) {
    if (width <= NARROW) return 2;
    int fitting = (int) ((width + GAP) / (LEAST + GAP));
    return Math.clamp(fitting, 1, Math.max(1, getManagedChildren().size()));
  }

  private static double cardWidth(double width, int columns) {
    return (width + GAP) / columns - GAP;
  }

  private double rowHeight(double width) {
    return getManagedChildren().stream()
        .mapToDouble(card -> card.prefHeight(width))
        .max()
        .orElse(0);
  }

  @Override
  protected void layoutChildren() {
    int columns = columns(getWidth());
    double width = cardWidth(getWidth(), columns);
    double height = rowHeight(width);
    int at = 0;
    for (Node card : getManagedChildren()) {
      double x = at % columns * (width + GAP);
      double y = at / columns * (height + GAP);
      card.resizeRelocate(snapPositionX(x), snapPositionY(y), snapSizeX(width), snapSizeY(height));
      at++;
    }
  }
}
