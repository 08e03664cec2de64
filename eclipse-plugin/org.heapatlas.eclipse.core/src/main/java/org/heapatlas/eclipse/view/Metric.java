package org.heapatlas.eclipse.view;

/** What values are of; its id is the target of the action metric. */
public record Metric(String id, String title, String unit) {
  static Metric read(Json metric) {
    return new Metric(metric.string("id"), metric.string("title"), metric.string("unit"));
  }

  /** As the head of a column. */
  public String head() {
    return unit.isEmpty() ? title : title + " (" + unit + ")";
  }
}
