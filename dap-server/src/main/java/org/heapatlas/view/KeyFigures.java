package org.heapatlas.view;

import java.util.List;

/** Single figures with their course, and sentences the user should know. */
public record KeyFigures(List<Figure> figures, List<String> notices) implements WidgetData {
  public record Figure(
      String id, String title, double value, String unit, String text, double[] spark) {}
}
