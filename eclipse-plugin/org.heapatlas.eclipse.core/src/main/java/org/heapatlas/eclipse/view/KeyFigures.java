package org.heapatlas.eclipse.view;

import java.util.List;

public record KeyFigures(List<Figure> figures, List<String> notices) implements WidgetData {
  public record Figure(
      String id, String title, double value, String unit, String text, Numbers spark) {}

  static KeyFigures read(Json data) {
    return new KeyFigures(
        data.list(
            "figures",
            f ->
                new Figure(
                    f.string("id"),
                    f.string("title"),
                    f.number("value"),
                    f.string("unit"),
                    f.string("text"),
                    f.numbers("spark"))),
        data.strings("notices"));
  }
}
