package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.text.TextAlignment;
import org.heapatlas.eclipse.ui.widgets.TimelineModel.Group;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Frame.FrameTime;
import org.heapatlas.eclipse.view.Span;
import org.heapatlas.eclipse.view.Timeline;
import org.heapatlas.eclipse.view.Timeline.Lane;
import org.heapatlas.eclipse.view.Timeline.Severity;

/**
 * Paints the lanes of a timeline, from its marks down to its ticks, with the names at the left and
 * the peaks at the right.
 */
final class TimelinePainter {
  private static final double NAMES = 86;
  private static final double PEAKS = 78;
  private static final double GAP = 8;
  private static final double NARROW = 600;
  private static final double FIRST = 34;
  private static final double OTHER = 18;
  private static final double BETWEEN = 3;
  private static final double MARKS = 18;
  private static final double TOP = 4;
  private static final double TICKS = 13;

  /** The right end has its own words. */
  private static final double END_ROOM = 72;

  /**
   * What the user does just now: drag is null where nothing is dragged, pointer -1 where it is
   * elsewhere.
   */
  record State(Span span, double cursor, double pointer, int toldMark, int focusedMark) {}

  private final Timeline data;
  private final FrameTime time;
  private final Theme theme;
  private final double left;
  private final double right;
  private final double width;
  private final TimeScale scale;

  TimelinePainter(Timeline data, FrameTime time, Theme theme, double width) {
    this.data = data;
    this.time = time;
    this.theme = theme;
    this.width = width;
    boolean narrow = width < NARROW;
    left = narrow ? 0 : NAMES + GAP;
    right = narrow ? width : width - PEAKS - GAP;
    scale = TimeScale.of(time.from(), time.to(), Math.max(1, right - left));
  }

  TimeScale scale() {
    return scale;
  }

  double left() {
    return left;
  }

  static double heightOf(Timeline data) {
    return lanesTop(data) + lanesHeight(data) + TICKS;
  }

  private static double lanesTop(Timeline data) {
    return TOP + (data.marks() == null ? 0 : MARKS + BETWEEN);
  }

  private static double lanesHeight(Timeline data) {
    int lanes = data.lanes().size();
    return lanes == 0 ? 0 : FIRST + (lanes - 1) * OTHER + lanes * BETWEEN;
  }

  List<Group> groups() {
    return data.marks() == null ? List.of() : TimelineModel.groups(data.marks().marks(), scale);
  }

  /** The mark at a point, or -1. */
  int markAt(double x, double y) {
    if (data.marks() == null || y > TOP + MARKS) return -1;
    var groups = groups();
    for (int at = groups.size() - 1; at >= 0; at--) {
      double begin = left + groups.get(at).left() - TimelineModel.SYMBOL / 2;
      double room = TimelineModel.roomOf(groups.get(at).count());
      double from = isTurned(groups.get(at)) ? begin + TimelineModel.SYMBOL - room : begin;
      if (from <= x && x < from + room) return at;
    }
    return -1;
  }

  void paint(GraphicsContext context, State state) {
    double y = lanesTop(data);
    double floor = y + lanesHeight(data);
    if (data.marks() != null)
      paintSide(
          context,
          data.marks().title(),
          Format.count(data.marks().total()),
          TOP + MARKS / 2,
          TOP + MARKS / 2);
    for (int at = 0; at < data.lanes().size(); at++) {
      var lane = data.lanes().get(at);
      double height = at == 0 ? FIRST : OTHER;
      paintLane(context, lane, at, y, height);
      paintSide(
          context,
          lane.title(),
          Format.quantity(lane.values().peak(), lane.unit()),
          y + height - 6,
          y + 6);
      y += height + BETWEEN;
    }
    data.gaps().forEach(gap -> paintGap(context, gap, floor));
    paintOver(context, state, floor);
    paintMarks(context, state);
    paintTicks(context, floor);
  }

  /** At the left of a lane and at its right. */
  private void paintSide(
      GraphicsContext context, String name, String peak, double nameY, double peakY) {
    if (left == 0) return;
    var font = theme.font(11);
    context.setFont(font);
    context.setFill(theme.muted());
    context.setTextBaseline(VPos.CENTER);
    context.setTextAlign(TextAlignment.RIGHT);
    context.fillText(TextFit.fit(name, font, NAMES), NAMES, nameY);
    context.setTextAlign(TextAlignment.LEFT);
    context.fillText(peak, right + GAP, peakY);
  }

  /**
   * From the lane's floor up, against its peak; where a value is not known it lies on the floor.
   */
  private void paintLane(
      GraphicsContext context, Lane lane, int number, double top, double height) {
    context.setFill(theme.border());
    context.fillRect(left, top + height - 1, right - left, 1);
    int count = data.x().size();
    if (count == 0) return;
    var xs = new ArrayList<Double>();
    var ys = new ArrayList<Double>();
    double peak = lane.values().peak() > 0 ? lane.values().peak() : 1;
    double floor = top + height;
    add(xs, ys, left + scale.pixel(data.x().get(0)), floor);
    for (int i = 0; i < count; i++) {
      double value = lane.values().at(i);
      double x = left + scale.pixel(data.x().get(i));
      double y = floor - (Double.isFinite(value) ? value / peak : 0) * (height - 1);
      if (lane.step() && i > 0) add(xs, ys, x, ys.getLast());
      add(xs, ys, x, y);
    }
    add(xs, ys, xs.getLast(), floor);
    var colour = theme.categorical(number);
    context.setFill(Palette.withAlpha(colour, 0.28));
    context.setStroke(colour);
    context.setLineWidth(1.25);
    context.fillPolygon(array(xs), array(ys), xs.size());
    context.strokePolygon(array(xs), array(ys), xs.size());
  }

  private static void add(List<Double> xs, List<Double> ys, double x, double y) {
    xs.add(x);
    ys.add(y);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private void paintGap(GraphicsContext context, Span gap, double floor) {
    double x = left + scale.pixel(gap.from());
    double wide = Math.max(2, left + scale.pixel(gap.to()) - x);
    double top = lanesTop(data);
    context.save();
    context.beginPath();
    context.rect(x, top, wide, floor - top);
    context.clip();
    context.setStroke(Palette.withAlpha(theme.text(), 0.45));
    context.setLineWidth(2);
    for (double at = x - (floor - top); at < x + wide; at += 7) {
      context.strokeLine(at, top, at + floor - top, floor);
    }
    context.restore();
  }

  /** What is chosen, what is still ahead in a recording, the cursor, the pointer. */
  private void paintOver(GraphicsContext context, State state, double floor) {
    double top = lanesTop(data);
    double cursor = left + scale.pixel(state.cursor);
    if (time.replayed()) {
      context.setFill(Palette.withAlpha(theme.ground(), 0.55));
      context.fillRect(cursor, 0, right - cursor, floor);
    }
    if (state.span != null) {
      double from = left + scale.pixel(state.span.from());
      double wide = Math.max(2, left + scale.pixel(state.span.to()) - from);
      context.setFill(Palette.withAlpha(theme.accent(), 0.18));
      context.fillRect(from, top, wide, floor - top);
      context.setFill(theme.accent());
      context.fillRect(from, top, 1, floor - top);
      context.fillRect(from + wide - 1, top, 1, floor - top);
    }
    if (state.pointer >= 0) {
      context.setStroke(theme.muted());
      context.setLineWidth(1);
      context.setLineDashes(3, 3);
      context.strokeLine(left + state.pointer, top, left + state.pointer, floor);
      context.setLineDashes();
    }
    context.setFill(theme.text());
    context.fillRect(cursor - 1, 0, 2, floor + 2);
    context.fillPolygon(new double[] {cursor - 5, cursor + 5, cursor}, new double[] {0, 0, 6}, 3);
  }

  /** At the right end the number stands on the other side, where there is room for it. */
  private boolean isTurned(Group group) {
    return group.count() > 1
        && group.left() + TimelineModel.roomOf(group.count()) - TimelineModel.SYMBOL / 2
            > scale.width();
  }

  private void paintMarks(GraphicsContext context, State state) {
    var groups = groups();
    for (int at = 0; at < groups.size(); at++) {
      var group = groups.get(at);
      double x = left + group.left();
      double room = TimelineModel.roomOf(group.count());
      double begin =
          isTurned(group)
              ? x + TimelineModel.SYMBOL / 2 + 1 - room
              : x - TimelineModel.SYMBOL / 2 - 1;
      if (group.chosen() || at == state.toldMark || at == state.focusedMark) {
        context.setFill(group.chosen() ? theme.accentSoft() : theme.hover());
        context.fillRoundRect(begin, TOP, room, MARKS, 6, 6);
      }
      if (group.chosen() || at == state.focusedMark) {
        context.setStroke(theme.accent());
        context.setLineWidth(at == state.focusedMark ? 2 : 1);
        context.strokeRoundRect(begin, TOP, room, MARKS, 6, 6);
      }
      symbol(
          context,
          group.severity(),
          x - TimelineModel.SYMBOL / 2,
          TOP + (MARKS - TimelineModel.SYMBOL) / 2,
          theme);
      if (group.count() == 1) continue;
      context.setFont(theme.font(11));
      context.setFill(theme.text());
      context.setTextBaseline(VPos.CENTER);
      boolean turned = isTurned(group);
      context.setTextAlign(turned ? TextAlignment.RIGHT : TextAlignment.LEFT);
      double beside = TimelineModel.SYMBOL / 2 + 2;
      context.fillText(
          Format.count(group.count()), turned ? x - beside : x + beside, TOP + MARKS / 2);
    }
  }

  /** Each severity has a shape of its own, for those who see no colours. */
  static void symbol(GraphicsContext context, Severity severity, double x, double y, Theme theme) {
    context.setFill(Palette.severity(severity, theme.dark()));
    switch (severity) {
      case ERROR ->
          context.fillPolygon(
              new double[] {x + 6, x + 11.4, x + 6, x + 0.6},
              new double[] {y + 0.6, y + 6, y + 11.4, y + 6},
              4);
      case WARNING ->
          context.fillPolygon(
              new double[] {x + 6, x + 11.5, x + 0.5},
              new double[] {y + 1.2, y + 10.8, y + 10.8},
              3);
      case INFORMATION -> context.fillOval(x + 1.8, y + 1.8, 8.4, 8.4);
    }
  }

  private void paintTicks(GraphicsContext context, double floor) {
    double y = floor + TICKS / 2;
    var ticks = ChartModel.xTicks(scale.from(), scale.to(), scale.width(), "ns");
    double step = ticks.size() > 1 ? ticks.get(1) - ticks.get(0) : 0;
    context.setFont(theme.font(11));
    context.setFill(theme.muted());
    context.setTextBaseline(VPos.CENTER);
    for (double tick : ticks) {
      double x = scale.pixel(tick);
      if (x >= scale.width() - END_ROOM) continue;
      context.setTextAlign(x < 12 ? TextAlignment.LEFT : TextAlignment.CENTER);
      context.fillText(AxisTicks.timeText(tick, step), left + x, y);
    }
    context.setTextAlign(TextAlignment.RIGHT);
    if (time.live()) {
      context.setFont(theme.bold(11));
      context.setFill(TimelineWidget.LIVE);
    }
    context.fillText(time.live() ? "live" : Format.instant(time.to()), Math.min(right, width), y);
  }
}
