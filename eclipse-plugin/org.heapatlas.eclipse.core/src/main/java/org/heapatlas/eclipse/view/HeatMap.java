package org.heapatlas.eclipse.view;

import java.util.List;

/**
 * Runs of equally large tiles; the space between two segments is not drawn to scale.
 *
 * @param values aligned with metrics; each holds all tiles of all segments, in order
 * @param regions what is mapped, in address order without overlap; without regions nothing is known
 *     of it
 * @param detail of what was inspected last, or null
 */
public record HeatMap(
    List<Segment> segments,
    List<Metric> metrics,
    List<Numbers> values,
    String metric,
    List<Region> regions,
    Detail detail)
    implements WidgetData {
  /** More than any screen shows; a frame over it would only stall the workbench. */
  private static final int MAX_TILES = 1 << 22;

  public record Segment(AddressRange range, double tileBytes, String label, String kind) {
    /** The number of its tiles, the last of which may be cut short. */
    public int tiles() {
      return (int) Math.ceil(range.bytes() / wholeTileBytes());
    }

    public long wholeTileBytes() {
      return Math.max(1, Math.round(tileBytes));
    }
  }

  /**
   * @param residentBytes RSS
   * @param proportionalBytes PSS, where a page that others share is divided by their number
   * @param numaPages of 4 KiB, on each NUMA node; none where that is not known
   */
  public record Region(
      AddressRange range,
      String label,
      String kind,
      double residentBytes,
      double proportionalBytes,
      Numbers numaPages) {}

  /** What stands behind a range. */
  public record Detail(
      String title,
      String from,
      String to,
      List<Fact> facts,
      String partsTitle,
      List<Part> parts,
      List<StackLine> stack) {}

  public record Part(String title, String text, String target) {}

  static HeatMap read(Json data) {
    var map =
        new HeatMap(
            data.list("segments", HeatMap::readSegment),
            data.list("metrics", Metric::read),
            data.numberLists("values"),
            data.string("metric"),
            data.list("regions", HeatMap::readRegion),
            data.optional("detail", HeatMap::readDetail));
    double tiles = 0;
    for (var segment : map.segments) tiles += Math.ceil(segment.range.bytes() / segment.tileBytes);
    if (tiles > MAX_TILES) throw data.unfit("segments", "at most " + MAX_TILES + " tiles", tiles);
    return map;
  }

  private static Segment readSegment(Json segment) {
    double tileBytes = segment.number("tileBytes");
    if (!(tileBytes >= 1)) throw segment.unfit("tileBytes", "at least 1", tileBytes);
    return new Segment(
        segment.range("from", "to"), tileBytes, segment.string("label"), segment.string("kind"));
  }

  private static Region readRegion(Json region) {
    return new Region(
        region.range("from", "to"),
        region.string("label"),
        region.string("kind"),
        region.number("residentBytes"),
        region.number("proportionalBytes"),
        region.numbers("numaPages"));
  }

  private static Detail readDetail(Json detail) {
    return new Detail(
        detail.string("title"),
        detail.string("from"),
        detail.string("to"),
        detail.list("facts", Fact::read),
        detail.string("partsTitle"),
        detail.list(
            "parts", p -> new Part(p.string("title"), p.string("text"), p.string("target"))),
        detail.list("stack", StackLine::read));
  }
}
