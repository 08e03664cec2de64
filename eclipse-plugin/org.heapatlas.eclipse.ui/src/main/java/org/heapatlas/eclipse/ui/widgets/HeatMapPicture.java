package org.heapatlas.eclipse.ui.widgets;

import javafx.geometry.VPos;
import javafx.scene.Group;
import javafx.scene.SnapshotParameters;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.Image;
import javafx.scene.text.TextAlignment;

/** The heat map as a picture: title, legend, labels and all tiles, not only those in sight. */
final class HeatMapPicture {
  private static final double MARGIN = 16;
  private static final double HEAD = 64;
  private static final double RAMP_WIDTH = 280;

  /** A texture may not be much higher. */
  private static final double MAX_HEIGHT = 8192 - HEAD - 2 * MARGIN;

  private HeatMapPicture() {}

  static Image of(
      String title, HeatMapModel model, HeatMapLayout layout, float[] levels, Theme theme) {
    double height = Math.min(layout.height(), MAX_HEIGHT);
    var canvas = new Canvas(layout.width() + 2 * MARGIN, height + HEAD + 2 * MARGIN);
    var context = canvas.getGraphicsContext2D();
    context.setFill(theme.ground());
    context.fillRect(0, 0, canvas.getWidth(), canvas.getHeight());
    context.translate(MARGIN, MARGIN);
    context.setFill(theme.text());
    context.setFont(theme.bold(15));
    context.setTextBaseline(VPos.TOP);
    context.fillText(title, 0, 0);
    drawLegend(context, model.scale(), layout.gutter(), theme);
    context.translate(0, HEAD);
    new HeatMapPainter(layout, levels, theme).paint(context, 0, layout.width(), height);
    return new Group(canvas).snapshot(new SnapshotParameters(), null);
  }

  private static void drawLegend(
      GraphicsContext context, ColourScale scale, double x, Theme theme) {
    context.setFill(LegendBar.gradient(theme.dark()));
    context.fillRect(x, 26, RAMP_WIDTH, 10);
    context.setFill(theme.muted());
    context.setFont(theme.font(11));
    context.fillText(scale.label() + " per tile", 0, 25, x - 8);
    for (var tick : LegendBar.ticks(scale)) {
      context.setTextAlign(
          tick.at() == 0
              ? TextAlignment.LEFT
              : tick.at() == 1 ? TextAlignment.RIGHT : TextAlignment.CENTER);
      context.fillText(tick.text(), x + tick.at() * RAMP_WIDTH, 39);
    }
    context.setTextAlign(TextAlignment.LEFT);
  }
}
