package org.heapatlas.view;

import java.util.List;

/**
 * Runs of equally large tiles. {@code values[m]} holds metric m of all tiles of all segments, in
 * order; a segment has ceil((to - from) / tileBytes) of them.
 */
public record HeatMap(List<Segment> segments, List<Metric> metrics, long[][] values, String metric)
    implements WidgetData {
  public record Segment(String from, String to, long tileBytes, String label, String kind) {}

  public record Metric(String id, String title, String unit) {}
}
