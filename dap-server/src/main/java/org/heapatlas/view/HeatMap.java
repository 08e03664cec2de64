package org.heapatlas.view;

import java.util.List;

/**
 * Runs of equally large tiles. {@code values[m]} holds metric m of all tiles of all segments, in
 * order; a segment has ceil((to - from) / tileBytes) of them. {@code regions} are what is mapped,
 * in address order without overlap; empty where nothing is known of it. {@code detail} is of what
 * was inspected last, or null.
 */
public record HeatMap(
    List<Segment> segments,
    List<Metric> metrics,
    long[][] values,
    String metric,
    List<Region> regions,
    Detail detail)
    implements WidgetData {
  public record Segment(String from, String to, long tileBytes, String label, String kind) {}

  public record Metric(String id, String title, String unit) {}

  /** {@code numaPages} on each NUMA node. */
  public record Region(
      String from,
      String to,
      String label,
      String kind,
      long residentBytes,
      long proportionalBytes,
      List<Long> numaPages) {}

  /** What stands behind a range; the target of a part can be inspected in turn. */
  public record Detail(
      String title,
      String from,
      String to,
      List<Fact> facts,
      String partsTitle,
      List<Part> parts,
      List<Table.StackLine> stack) {}

  public record Fact(String title, String text) {}

  public record Part(String title, String text, String target) {}
}
