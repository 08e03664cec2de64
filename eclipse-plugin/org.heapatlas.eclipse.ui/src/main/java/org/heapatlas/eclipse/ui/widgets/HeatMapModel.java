package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.heapatlas.eclipse.view.Address;
import org.heapatlas.eclipse.view.AddressRange;
import org.heapatlas.eclipse.view.Csv;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Frame.Legend;
import org.heapatlas.eclipse.view.HeatMap;
import org.heapatlas.eclipse.view.HeatMap.Region;
import org.heapatlas.eclipse.view.Metric;
import org.heapatlas.eclipse.view.Numbers;

/**
 * What a heat map shows, apart from where: the metric that colours, its scale, the words for a
 * tile, the CSV. Pure.
 */
public final class HeatMapModel {
  /**
   * The level of a tile that is no part of any mapping; NaN is the level of one in which nothing
   * lies.
   */
  public static final float NOT_MAPPED = -2;

  private static final int MOST_NAMES = 3;

  /**
   * What is said of a tile or a box; resident: what is in memory of all of the regions that it
   * touches.
   */
  public record Words(
      String region,
      String range,
      String size,
      List<Tip.Figure> figures,
      List<Tip.Figure> resident) {
    String sentence() {
      return "%s, %s, %s: %s."
          .formatted(
              region,
              range,
              size,
              figures.stream()
                  .map(f -> f.title() + " " + f.text())
                  .collect(Collectors.joining(", ")));
    }
  }

  private final HeatMap data;
  private final Metric metric;
  private final ColourScale scale;
  private final Numbers values;

  /**
   * @param chosen the metric that the user switched to, or null: the frame's own
   * @param chosenLog the scale that the user switched to, or null: the frame's own
   */
  public HeatMapModel(HeatMap data, Legend legend, String chosen, Boolean chosenLog) {
    this.data = data;
    var wanted = chosen == null ? data.metric() : chosen;
    int index =
        IntStream.range(0, data.metrics().size())
            .filter(at -> data.metrics().get(at).id().equals(wanted))
            .findFirst()
            .orElse(0);
    metric = index < data.metrics().size() ? data.metrics().get(index) : null;
    values = index < data.values().size() ? data.values().get(index) : Numbers.NONE;
    boolean own =
        legend != null && metric != null && metric.id().equals(data.metric()) && legend.max() > 0;
    boolean log = chosenLog != null ? chosenLog : !own || legend.log();
    scale = ColourScale.of(metric, legend, own, values, log);
  }

  ColourScale scale() {
    return scale;
  }

  String metricId() {
    return metric == null ? "" : metric.id();
  }

  /**
   * One a tile: 0 to 1, NaN for a tile with nothing in it, {@link #NOT_MAPPED} outside of all
   * mappings.
   */
  public float[] levels(HeatMapLayout layout) {
    var levels = new float[layout.tiles()];
    for (int tile = 0; tile < levels.length; tile++) {
      levels[tile] = (float) scale.level(values.at(tile));
    }
    if (!data.regions().isEmpty()) layout.blocks().forEach(block -> markUnmapped(levels, block));
    return levels;
  }

  /** Both the tiles and the regions are in address order, so one walk over both is enough. */
  private void markUnmapped(float[] levels, HeatMapLayout.Block block) {
    long bytes = block.segment().wholeTileBytes();
    var regions = data.regions();
    int at = 0;
    for (int tile = 0; tile < block.count(); tile++) {
      long from = block.range().from() + tile * bytes;
      while (at < regions.size() && Long.compareUnsigned(regions.get(at).range().to(), from) <= 0)
        at++;
      boolean mapped =
          at < regions.size()
              && Long.compareUnsigned(regions.get(at).range().from(), from + bytes) < 0;
      if (!mapped && Float.isNaN(levels[block.first() + tile])) {
        levels[block.first() + tile] = NOT_MAPPED;
      }
    }
  }

  /**
   * The size of a tile, which is the same all over a map, or the word for tiles of several sizes.
   */
  String tileWords() {
    var sizes = data.segments().stream().map(HeatMap.Segment::tileBytes).distinct().toList();
    return sizes.size() == 1 ? Format.bytes(sizes.getFirst()) + " tile" : "tile";
  }

  Optional<Words> describe(HeatMapLayout layout, int tile) {
    return layout
        .rangeOf(tile)
        .flatMap(range -> layout.blockOf(tile).map(block -> describe(block, tile, range)));
  }

  private Words describe(HeatMapLayout.Block block, int tile, AddressRange range) {
    var touched = data.regions().stream().filter(region -> region.range().overlaps(range)).toList();
    var figures = new ArrayList<Tip.Figure>();
    for (int at = 0; at < data.metrics().size(); at++) {
      var each = data.metrics().get(at);
      double value = at < data.values().size() ? data.values().get(at).at(tile) : Double.NaN;
      var share = Format.isBytes(each.unit()) ? share(value, range.bytes()) : "";
      figures.add(
          new Tip.Figure(
              each.title(),
              Format.quantity(value, each.unit()) + share,
              Format.exactly(value, each.unit())));
    }
    return new Words(
        regionWords(block, touched),
        range.toString(),
        HeatMapLayout.sizeOf(range),
        figures,
        resident(touched));
  }

  private String regionWords(HeatMapLayout.Block block, List<Region> touched) {
    if (data.regions().isEmpty()) return name(block.segment().label(), block.segment().kind());
    if (touched.isEmpty()) return "not mapped";
    var names =
        touched.stream().map(region -> name(region.label(), region.kind())).distinct().toList();
    var first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
    return names.size() > MOST_NAMES
        ? first + " and " + (names.size() - MOST_NAMES) + " more"
        : first;
  }

  private static String name(String label, String kind) {
    if (label.isEmpty() || label.equals("[" + kind + "]")) return kind.isEmpty() ? label : kind;
    return kind.isEmpty() ? label : label + " (" + kind + ")";
  }

  private static List<Tip.Figure> resident(List<Region> regions) {
    if (regions.isEmpty()) return List.of();
    var words = new ArrayList<Tip.Figure>();
    words.add(bytes("Resident (RSS)", regions, Region::residentBytes));
    words.add(bytes("Proportional (PSS)", regions, Region::proportionalBytes));
    int nodes = regions.stream().mapToInt(region -> region.numaPages().size()).max().orElse(0);
    if (nodes < 2) return words;
    var text =
        IntStream.range(0, nodes)
            .mapToObj(node -> "node " + node + " " + Format.exact(pages(regions, node)))
            .collect(Collectors.joining(" · "));
    words.add(new Tip.Figure("NUMA pages", text, text));
    return words;
  }

  private static double pages(List<Region> regions, int node) {
    return regions.stream()
        .filter(region -> node < region.numaPages().size())
        .mapToDouble(region -> region.numaPages().get(node))
        .sum();
  }

  private static Tip.Figure bytes(String title, List<Region> regions, ToDoubleFunction<Region> of) {
    double sum = regions.stream().mapToDouble(of).sum();
    return new Tip.Figure(title, Format.bytes(sum), Format.exactly(sum, "B"));
  }

  /** How much of the tile the bytes take, when they can be a part of it. */
  private static String share(double value, double length) {
    return value > 0 && value <= length ? " (" + percent(value / length) + " full)" : "";
  }

  /** Little is never shown as none, nor almost all as all. */
  private static String percent(double share) {
    long rounded = Math.round(share * 100);
    if (rounded == 0) return "< 1 %";
    return rounded == 100 && share < 1 ? "> 99 %" : rounded + " %";
  }

  String csv(HeatMapLayout layout) {
    var lines = new ArrayList<List<String>>();
    var head = new ArrayList<>(List.of("segment", "from", "to"));
    data.metrics().forEach(each -> head.add(each.head()));
    lines.add(head);
    for (int tile = 0; tile < layout.tiles(); tile++) {
      var range = layout.rangeOf(tile).orElseThrow();
      var line = new ArrayList<String>();
      line.add(layout.blockOf(tile).orElseThrow().segment().label());
      line.add(Address.toWire(range.from()));
      line.add(Address.toWire(range.to()));
      for (var column : data.values()) line.add(Format.plain(column.at(tile)));
      lines.add(line);
    }
    return Csv.of(lines);
  }
}
