package org.heapatlas.view;

import java.util.List;

/** Series over one x; spans in which events are missing are marked. */
public record Chart(double[] x, String xUnit, List<Line> series, List<Span> gaps)
    implements WidgetData {
  public record Line(String id, String title, String unit, double[] values, String axis) {}

  public record Span(double from, double to, String title) {}
}
