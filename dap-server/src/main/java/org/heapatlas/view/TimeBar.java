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
   * Stands for {@code count} that lie too close together to be told apart. {@code chosen}: the
   * number, from 1, of the one of them that the other views show, or 0. The words are of that one,
   * else of the first; {@code id} is where a press leads: to the first, or on from the chosen one.
   * {@code severity}: error, warning or information, of the gravest.
   */
  public record Mark(
      String id, double at, String kind, String severity, String title, int count, int chosen) {}
}
