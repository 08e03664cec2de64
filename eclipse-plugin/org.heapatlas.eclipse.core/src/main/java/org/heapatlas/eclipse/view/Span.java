package org.heapatlas.eclipse.view;

/** A part of a course over time, or of whatever x is. */
public record Span(double from, double to, String title) {
  static Span read(Json span) {
    return new Span(span.number("from"), span.number("to"), span.string("title"));
  }

  public boolean contains(double x) {
    return from <= x && x < to;
  }
}
