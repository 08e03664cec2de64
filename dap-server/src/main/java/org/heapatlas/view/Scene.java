package org.heapatlas.view;

import java.util.List;

/**
 * Boxes on plates, in units of length of its own: x to the right, y up, z towards the reader. The
 * server bounds their number. The boxes' values are of {@code metric}, which the frame's legend
 * colours.
 */
public record Scene(
    List<Plate> plates,
    Boxes boxes,
    List<Axis> axes,
    Camera home,
    List<HeatMap.Metric> metrics,
    String metric)
    implements WidgetData {
  /** What boxes stand on, at y = 0. The target is what a view is given to look closer. */
  public record Plate(
      double x, double z, double width, double depth, String label, String text, String target) {}

  /**
   * Columns of one length; x and z are of the corner where both are least. Amounts are what the
   * heights stand for, exactly. The targets speak for themselves.
   */
  public record Boxes(
      double width,
      double depth,
      double[] x,
      double[] z,
      double[] height,
      double[] amount,
      double[] value,
      List<String> targets) {}

  /** {@code scale}: how much of the unit a unit of length is; 0 where lengths mean nothing. */
  public record Axis(String id, String title, String unit, double scale) {}

  /**
   * From where one looks at first, in degrees: azimuth from z towards x, elevation above the
   * ground. A front end stands as far away as shows everything.
   */
  public record Camera(double azimuth, double elevation) {}
}
