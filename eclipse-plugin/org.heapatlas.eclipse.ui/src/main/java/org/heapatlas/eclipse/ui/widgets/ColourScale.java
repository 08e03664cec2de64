package org.heapatlas.eclipse.ui.widgets;

import org.heapatlas.eclipse.view.Frame.Legend;
import org.heapatlas.eclipse.view.Metric;
import org.heapatlas.eclipse.view.Numbers;

/** What values the ramp's colours stand for, of heat map and scene. */
public record ColourScale(String label, String unit, double min, double max, boolean log) {
  private static final double LEAST = 1e-9;

  /**
   * @param own whether the frame's legend is of this metric; else the values' own bounds hold
   * @param log logarithmic, else linear from zero
   */
  static ColourScale of(Metric metric, Legend legend, boolean own, Numbers values, boolean log) {
    double least = leastOf(values);
    double min = own ? legend.min() : least;
    double max = own ? legend.max() : values.peak();
    // A logarithm has no zero: the least unit stands at the low end.
    double low = !log ? 0 : min > 0 ? min : least;
    var label = metric != null ? metric.title() : legend == null ? "" : legend.label();
    var unit = metric != null ? metric.unit() : legend == null ? "" : legend.unit();
    return new ColourScale(label, unit, low, max, log);
  }

  private static double leastOf(Numbers values) {
    return values.known().filter(value -> value > 0).min().orElse(0);
  }

  /** Where a value stands between the ends, 0 to 1; NaN when there is nothing to show. */
  public double level(double value) {
    if (!(value > 0)) return Double.NaN;
    if (!(max > min)) return 1;
    if (!log) return Math.clamp((value - min) / (max - min), 0, 1);
    double low = Math.log(Math.max(min, LEAST));
    double high = Math.log(max);
    return high > low ? Math.clamp((Math.log(value) - low) / (high - low), 0, 1) : 1;
  }
}
