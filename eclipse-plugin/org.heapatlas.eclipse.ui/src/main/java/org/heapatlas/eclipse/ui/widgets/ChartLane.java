package org.heapatlas.eclipse.ui.widgets;

import java.util.Set;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;
import org.heapatlas.eclipse.view.Chart;
import org.heapatlas.eclipse.view.Chart.Series;
import org.heapatlas.eclipse.view.Span;

/** Paints one lane of a chart: its axes, the gaps behind its lines, its series, the cursor. */
final class ChartLane {
  /**
   * Room for the values at the left; the same in each lane, so that their times stand below each
   * other.
   */
  private static final double VALUES = 66;

  private static final double TIMES = 26;
  private static final double TOP = 8;
  private static final double RIGHT = 14;
  private static final double BOTTOM = 6;
  private static final double TICK = 4;
  private static final double LINE = 1.75;
  private static final double FONT = 11;

  /**
   * What all lanes have in common.
   *
   * @param from the least x that is seen, to the most
   * @param off the ids of the series that are hidden
   * @param at the cursor's index, or -1
   * @param drag what is being chosen, or null
   */
  record View(Chart data, double from, double to, Set<String> off, int at, Span drag) {}

  private final View view;
  private final ChartModel.Lane lane;
  private final boolean first;
  private final boolean last;
  private final Theme theme;
  private final double width;
  private final double height;
  private final double top;

  /**
   * @param last the lowest lane has the times; the others have its grid
   */
  ChartLane(
      View view,
      ChartModel.Lane lane,
      boolean first,
      boolean last,
      Theme theme,
      double roomWidth,
      double roomHeight) {
    this.view = view;
    this.lane = lane;
    this.first = first;
    this.last = last;
    this.theme = theme;
    width = plotWidth(roomWidth);
    height = Math.max(1, roomHeight - TOP - (last ? TIMES : BOTTOM));
    top = ChartModel.top(peak(), lane.unit());
  }

  static double plotWidth(double roomWidth) {
    return Math.max(1, roomWidth - VALUES - RIGHT);
  }

  /** Where on x a pixel of the lane is. */
  static double xAt(double pixel, double roomWidth, double from, double to) {
    return from + Math.clamp((pixel - VALUES) / plotWidth(roomWidth), 0, 1) * (to - from);
  }

  private double peak() {
    double most = 0;
    for (var series : lane.series()) {
      if (view.off.contains(series.id())) continue;
      for (int i = 0; i < series.values().size(); i++) {
        double x = view.data.x().at(i);
        double value = series.values().get(i);
        if (x >= view.from && x <= view.to && value > most) most = value;
      }
    }
    return most;
  }

  private double x(double value) {
    return VALUES + (value - view.from) / Math.max(1e-12, view.to - view.from) * width;
  }

  private double y(double value) {
    return TOP + height - value / top * height;
  }

  void paint(GraphicsContext context) {
    paintGrid(context);
    context.save();
    context.beginPath();
    context.rect(VALUES, 0, width, TOP + height);
    context.clip();
    for (var gap : view.data.gaps()) paintGap(context, gap);
    for (int at = 0; at < lane.series().size(); at++) {
      var series = lane.series().get(at);
      if (!view.off.contains(series.id())) paintSeries(context, series, at == 0);
    }
    paintCursor(context);
    context.restore();
  }

  private void paintGrid(GraphicsContext context) {
    context.setLineWidth(1);
    context.setStroke(theme.border());
    context.setFill(theme.muted());
    context.setFont(theme.font(FONT));
    context.setTextBaseline(VPos.CENTER);
    context.setTextAlign(TextAlignment.RIGHT);
    for (double value : ChartModel.valueTicks(top, height, lane.unit())) {
      double y = Math.round(y(value)) + 0.5;
      context.strokeLine(VALUES - TICK, y, VALUES + width, y);
      context.fillText(
          org.heapatlas.eclipse.view.Format.quantity(value, lane.unit()),
          VALUES - TICK - 4,
          Math.clamp(y, 6, TOP + height));
    }
    paintTimes(context);
    context.strokeLine(VALUES + 0.5, TOP, VALUES + 0.5, TOP + height);
  }

  private void paintTimes(GraphicsContext context) {
    var unit = view.data.xUnit();
    var ticks = ChartModel.xTicks(view.from, view.to, width, unit);
    double step = ticks.size() > 1 ? ticks.get(1) - ticks.get(0) : 0;
    context.setTextAlign(TextAlignment.CENTER);
    for (double value : ticks) {
      double x = Math.round(x(value)) + 0.5;
      context.setLineDashes(1, 3);
      context.strokeLine(x, TOP, x, TOP + height);
      context.setLineDashes();
      if (!last) continue;
      context.strokeLine(x, TOP + height, x, TOP + height + TICK);
      context.fillText(ChartModel.xText(value, step, unit), x, TOP + height + 15);
    }
  }

  /** A grey band, in one lane with its title: along it where there is room, else upright. */
  private void paintGap(GraphicsContext context, Span gap) {
    double left = x(gap.from());
    double wide = Math.max(2, x(gap.to()) - left);
    context.setFill(Palette.withAlpha(theme.muted(), 0.16));
    context.fillRect(left, TOP, wide, height);
    if (!first || wide < 13) return;
    var font = theme.font(FONT);
    context.setFont(font);
    context.setFill(theme.muted());
    context.setTextBaseline(VPos.CENTER);
    if (TextFit.width(gap.title(), font) + 8 < wide) {
      context.setTextAlign(TextAlignment.CENTER);
      context.fillText(gap.title(), left + wide / 2, TOP + 14);
      return;
    }
    context.save();
    context.translate(left + wide / 2, TOP + 8);
    context.rotate(-90);
    context.setTextAlign(TextAlignment.RIGHT);
    context.fillText(gap.title(), 0, 0);
    context.restore();
  }

  /** The first of a lane is an area; a later one a line, dashed where it may lie on the first. */
  private void paintSeries(GraphicsContext context, Series series, boolean area) {
    var colour = theme.categorical(view.data.series().indexOf(series));
    int begin = -1;
    for (int i = 0; i <= series.values().size(); i++) {
      boolean known = Double.isFinite(series.values().at(i)) && i < view.data.x().size();
      if (known && begin < 0) begin = i;
      if (known || begin < 0) continue;
      paintRun(context, series, begin, i, colour, area);
      begin = -1;
    }
  }

  private void paintRun(
      GraphicsContext context, Series series, int begin, int end, Color colour, boolean area) {
    var x = new double[end - begin + 2];
    var y = new double[end - begin + 2];
    for (int i = begin; i < end; i++) {
      x[i - begin] = x(view.data.x().get(i));
      y[i - begin] = y(series.values().get(i));
    }
    int count = end - begin;
    if (area) {
      x[count] = x[count - 1];
      x[count + 1] = x[0];
      y[count] = TOP + height;
      y[count + 1] = TOP + height;
      context.setFill(Palette.withAlpha(colour, 0.14));
      context.fillPolygon(x, y, count + 2);
    }
    context.setStroke(colour);
    context.setLineWidth(LINE);
    if (!area && ChartModel.isDashed(series, view.data)) context.setLineDashes(4, 3);
    context.strokePolyline(x, y, count);
    context.setLineDashes();
  }

  private void paintCursor(GraphicsContext context) {
    if (view.drag != null) {
      double left = x(view.drag.from());
      context.setFill(Palette.withAlpha(theme.accent(), 0.22));
      context.fillRect(left, TOP, x(view.drag.to()) - left, height);
    }
    double at = view.data.x().at(view.at);
    if (Double.isNaN(at)) return;
    double x = Math.round(x(at)) + 0.5;
    context.setStroke(theme.muted());
    context.setLineWidth(1);
    context.setLineDashes(3, 3);
    context.strokeLine(x, TOP, x, TOP + height);
    context.setLineDashes();
    for (var series : lane.series()) {
      double value = series.values().at(view.at);
      if (view.off.contains(series.id()) || !Double.isFinite(value)) continue;
      context.setFill(theme.categorical(view.data.series().indexOf(series)));
      context.fillOval(x - 3.5, y(value) - 3.5, 7, 7);
    }
  }
}
