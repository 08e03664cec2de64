package org.heapatlas.view;

import java.util.List;

/**
 * The whole session as lanes over one x, in nanoseconds, above which the frame's time is the
 * cursor. {@code span} is what was chosen last, or null; {@code text} says where a replayed program
 * stands.
 */
public record TimeBar(
    double[] x, List<Lane> lanes, List<Chart.Span> gaps, Chart.Span span, String text)
    implements WidgetData {
  /** {@code shape}: area or step. */
  public record Lane(String id, String title, String unit, String shape, double[] values) {}
}
