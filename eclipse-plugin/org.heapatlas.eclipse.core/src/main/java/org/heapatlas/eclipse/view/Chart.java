package org.heapatlas.eclipse.view;

import java.util.List;

/** Series over one x; gaps are what the record has nothing of. */
public record Chart(Numbers x, String xUnit, List<Series> series, List<Span> gaps)
    implements WidgetData {
  /**
   * @param axis left, right or nothing
   */
  public record Series(String id, String title, String unit, Numbers values, String axis) {}

  static Chart read(Json data) {
    return new Chart(
        data.numbers("x"),
        data.string("xUnit"),
        data.list(
            "series",
            s ->
                new Series(
                    s.string("id"),
                    s.string("title"),
                    s.string("unit"),
                    s.numbers("values"),
                    s.string("axis"))),
        data.list("gaps", Span::read));
  }
}
