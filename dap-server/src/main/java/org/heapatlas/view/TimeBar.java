package org.heapatlas.view;

import java.util.List;

/**
 * The whole session as lanes over one x, in nanoseconds, above which the frame's time is the
 * cursor. {@code span} is what was chosen last, or null; {@code text} says where a replayed program
 * stands; {@code marks} is null where nothing stands out.
 */
public record TimeBar(
    double[] x, List<Lane> lanes, List<Chart.Span> gaps, Chart.Span span, String text, Marks marks)
    implements WidgetData {
  /** {@code shape}: area or step. */
  public record Lane(String id, String title, String unit, String shape, double[] values) {}

  /**
   * What stands out at an instant each, the earliest first: {@code total} in all, of which {@code
   * more} have no mark.
   */
  public record Marks(String title, int total, int more, List<Mark> marks) {}

  /**
   * Stands for {@code count} that lie too close together to be told apart; the rest is of the one
   * that it leads to. {@code severity}: error, warning or information; {@code chosen}: one of them
   * is what the other views show.
   */
  public record Mark(
      String id,
      double at,
      String kind,
      String severity,
      String title,
      int count,
      boolean chosen) {}
}
