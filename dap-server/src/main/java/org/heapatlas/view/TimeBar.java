package org.heapatlas.view;

import java.util.List;

/**
 * The whole session as lanes over one x, in nanoseconds, above which the frame's time is the
 * cursor. {@code span} is what was chosen last, or null; {@code text} says where a replayed program
 * stands; {@code marks} is null where nothing stands out. {@code a} and {@code b} are the ends of
 * the span, null where they are not marked; {@code playback} is null of a program that runs.
 */
public record TimeBar(
    double[] x,
    List<Lane> lanes,
    List<Chart.Span> gaps,
    Chart.Span span,
    String text,
    Marks marks,
    Double a,
    Double b,
    Playback playback)
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

  /**
   * How a recording is played: {@code speed}, the chosen one of {@code speeds}, is recorded time
   * over real time; {@code why} says why it stands still, or is empty.
   */
  public record Playback(double speed, List<Double> speeds, String why) {}
}
