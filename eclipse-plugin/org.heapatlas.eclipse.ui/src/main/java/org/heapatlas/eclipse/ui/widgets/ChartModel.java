package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.heapatlas.eclipse.view.Chart;
import org.heapatlas.eclipse.view.Chart.Series;
import org.heapatlas.eclipse.view.Csv;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Span;

/**
 * A chart's data as axes, marks and words. Series with one unit share an axis; a chart has two,
 * each drawn as a lane of its own. Pure.
 */
public final class ChartModel {
  private static final String LEFT = "left";
  private static final String RIGHT = "right";
  private static final double TICK_HEIGHT = 42;
  private static final double TICK_WIDTH = 80;

  /** The series of one side; those that are shown together. */
  public record Lane(String unit, List<Series> series) {}

  private ChartModel() {}

  /** The side that the series names, else by its unit: the first unit left, any other right. */
  private static boolean isLeft(Series series, Chart data) {
    if (series.axis().equals(LEFT)) return true;
    if (series.axis().equals(RIGHT)) return false;
    return series.unit().equals(data.series().getFirst().unit());
  }

  /** The left one first. */
  public static List<Lane> lanes(Chart data) {
    var sides =
        data.series().stream().collect(Collectors.partitioningBy(series -> isLeft(series, data)));
    return Stream.of(sides.get(true), sides.get(false))
        .filter(series -> !series.isEmpty())
        .map(series -> new Lane(series.getFirst().unit(), series))
        .toList();
  }

  /**
   * Rates come in pairs that lie on each other: the later ones are told apart by more than their
   * colour.
   */
  static boolean isDashed(Series series, Chart data) {
    if (isLeft(series, data)) return false;
    return data.series().stream()
        .filter(other -> !isLeft(other, data))
        .findFirst()
        .filter(first -> first != series)
        .isPresent();
  }

  static boolean isTime(String unit) {
    return unit.equals("ns") || unit.isEmpty();
  }

  /**
   * From zero up to a little above the largest value: what is drawn is an amount, and amounts start
   * at none.
   */
  static double top(double max, String unit) {
    if (!(max > 0)) return 1;
    var ticks = AxisTicks.linear(0, max, 4, Format.baseOf(unit));
    double step = ticks.size() > 1 ? ticks.get(1) - ticks.get(0) : max;
    return Math.ceil(max / step - 1e-9) * step;
  }

  static List<Double> valueTicks(double max, double height, String unit) {
    int count = Math.max(2, (int) (height / TICK_HEIGHT));
    return AxisTicks.linear(0, max, count, Format.baseOf(unit));
  }

  static List<Double> xTicks(double min, double max, double width, String unit) {
    int count = Math.max(2, (int) (width / TICK_WIDTH));
    return isTime(unit)
        ? AxisTicks.time(min, max, count)
        : AxisTicks.linear(min, max, count, Format.baseOf(unit));
  }

  static String xText(double value, double step, String unit) {
    return isTime(unit) ? AxisTicks.timeText(value, step) : Format.quantity(value, unit);
  }

  /** What stands at a place of x. */
  static String at(Chart data, int index) {
    double x = data.x().at(index);
    if (Double.isNaN(x)) return "";
    var time = isTime(data.xUnit()) ? Format.duration(x) : Format.quantity(x, data.xUnit());
    return gapAt(data, x).map(gap -> "at " + time + ": " + gap.title()).orElse("at " + time);
  }

  private static Optional<Span> gapAt(Chart data, double x) {
    return data.gaps().stream().filter(gap -> gap.contains(x)).findFirst();
  }

  /** One sentence for those who do not see the picture. */
  static String sentence(Chart data) {
    var lines =
        data.series().stream().map(ChartModel::seriesWords).collect(Collectors.joining("; "));
    int gaps = data.gaps().size();
    return gaps == 0
        ? lines + "."
        : lines + ". " + gaps + (gaps == 1 ? " gap" : " gaps") + " in the record.";
  }

  private static String seriesWords(Series series) {
    var values = series.values();
    if (values.lastKnown() < 0) return series.title() + ": no value";
    return "%s: now %s, from %s to %s"
        .formatted(
            series.title(),
            Format.quantity(values.at(values.lastKnown()), series.unit()),
            Format.quantity(values.known().min().orElse(0), series.unit()),
            Format.quantity(values.known().max().orElse(0), series.unit()));
  }

  public static String csv(Chart data) {
    var lines = new ArrayList<List<String>>();
    var head = new ArrayList<String>();
    head.add("x (" + (data.xUnit().isEmpty() ? "ns" : data.xUnit()) + ")");
    for (var series : data.series()) {
      head.add(series.title() + " (" + (series.unit().isEmpty() ? "count" : series.unit()) + ")");
    }
    lines.add(head);
    for (int at = 0; at < data.x().size(); at++) {
      var line = new ArrayList<String>();
      line.add(Format.plain(data.x().get(at)));
      for (var series : data.series()) line.add(Format.plain(series.values().at(at)));
      lines.add(line);
    }
    return Csv.of(lines);
  }
}
