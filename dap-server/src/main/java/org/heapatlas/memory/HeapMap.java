package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.heapatlas.model.Address;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Coverage;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Region;
import org.heapatlas.model.RegionMap;
import org.heapatlas.model.Tiles;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.view.Frame;
import org.heapatlas.view.HeatMap;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;

/**
 * The address space as a heat map: all regions that hold allocations at first, then any range of
 * them, down to a page in tiles of 16 bytes. The breadcrumbs are the way back.
 */
final class HeapMap implements MemoryView.ProcessView {
  private static final int PIXELS_A_TILE = 64;
  private static final long SMALLEST_RANGE = 4096;
  private static final String ALL = "all";
  private static final String EMPTY =
      "Nothing is allocated yet; the map fills with the program's first allocation.";
  private static final List<HeatMap.Metric> METRICS =
      List.of(
          new HeatMap.Metric("liveBytes", "Live bytes", "B"),
          new HeatMap.Metric("liveAllocations", "Live allocations", "count"),
          new HeatMap.Metric("allocations", "Allocations ever", "count"));
  private static final Set<String> METRIC_IDS =
      Set.of("liveBytes", "liveAllocations", "allocations");

  private final MemoryView view;
  private final HeapSource source;
  private final int budget;
  private final List<Address.Range> way = new ArrayList<>();
  private String metric = "liveBytes";

  HeapMap(MemoryView view, HeapSource source, ViewDefinition.Options options) {
    this.view = view;
    this.source = source;
    this.budget = options.viewport().width() * options.viewport().height() / PIXELS_A_TILE;
  }

  @Override
  public Frame frame(WatchedProcess process) {
    RegionMap map = source.regions(process.id());
    TilePlan plan = plan(map);
    Painting painting = new Painting(plan, map);
    for (int i = 0; i < plan.runs().size(); i++) {
      TilePlan.Run run = plan.runs().get(i);
      painting.add(i, source.tiles(process.id(), run.from(), run.to(), plan.tileBytes()));
    }
    boolean none = plan.runs().isEmpty();
    return new Frame(
        view.widget(),
        view.title(),
        MemoryView.time(painting.now, process),
        Frame.Coverage.of(painting.coverage),
        none ? null : painting.legend(),
        crumbs(),
        null,
        List.of(
            new Frame.Action("drill", "Look closer", "tile"),
            new Frame.Action("back", "Back", "frame"),
            new Frame.Action("metric", "Colour by", "frame")),
        none ? EMPTY : null,
        null,
        none ? null : painting.heatMap());
  }

  private TilePlan plan(RegionMap map) {
    if (way.isEmpty()) {
      return TilePlan.of(
          map.regions().stream().filter(region -> region.liveAllocations() > 0).toList(), budget);
    }
    Address.Range range = way.getLast();
    return TilePlan.of(range, holder(map, range), budget);
  }

  /** The region that holds most of the range. */
  private static Region holder(RegionMap map, Address.Range range) {
    return map.regions().stream()
        .filter(region -> region.from() < range.to() && range.from() < region.to())
        .max(
            Comparator.comparingLong(
                region ->
                    Math.min(region.to(), range.to()) - Math.max(region.from(), range.from())))
        .orElse(new Region(range.from(), range.to(), "unmapped", "", 0, 0, 0, 0));
  }

  private List<Frame.Crumb> crumbs() {
    List<Frame.Crumb> crumbs = new ArrayList<>();
    crumbs.add(new Frame.Crumb("All regions", ALL));
    for (Address.Range range : way) {
      crumbs.add(
          new Frame.Crumb(
              Bytes.text(range.length()) + " at " + Address.text(range.from()), range.toString()));
    }
    return crumbs;
  }

  @Override
  public String act(OpenView.Act act) {
    switch (act.action()) {
      case "drill" -> drill(act);
      case "back" -> back(act.target());
      case "metric" ->
          chooseMetric(act.argument("metric").isEmpty() ? act.target() : act.argument("metric"));
      default -> throw MemoryView.unknown(act);
    }
    return "";
  }

  private void drill(OpenView.Act act) {
    if (isCrumb(act.target())) {
      back(act.target());
      return;
    }
    String text =
        act.argument("from").isEmpty()
            ? act.target()
            : act.argument("from") + "-" + act.argument("to");
    Address.Range range = atLeastAPage(Address.parseRange(text));
    if (way.isEmpty() || !way.getLast().equals(range)) {
      way.add(range);
    }
  }

  private boolean isCrumb(String target) {
    return target.equals(ALL) || way.stream().anyMatch(range -> range.toString().equals(target));
  }

  private static Address.Range atLeastAPage(Address.Range range) {
    if (range.length() >= SMALLEST_RANGE) {
      return range;
    }
    long from = range.from() & -SMALLEST_RANGE;
    return new Address.Range(from, (range.to() + SMALLEST_RANGE - 1) & -SMALLEST_RANGE);
  }

  /** To the crumb named; one step without a name. */
  private void back(String target) {
    if (target.isEmpty()) {
      if (!way.isEmpty()) {
        way.removeLast();
      }
      return;
    }
    if (!isCrumb(target)) {
      throw Problem.usedWrongly("'%s' is none of the breadcrumbs".formatted(target));
    }
    while (!way.isEmpty() && !way.getLast().toString().equals(target)) {
      way.removeLast();
    }
  }

  private void chooseMetric(String id) {
    if (!METRIC_IDS.contains(id)) {
      throw Problem.usedWrongly("the heap map has no metric '%s'".formatted(id));
    }
    metric = id;
  }

  /** The dense columns of the runs' sparse tiles. */
  private final class Painting {
    private final TilePlan plan;
    private final int[] starts;
    private final Map<String, long[]> columns;
    private long now;
    private Coverage coverage;

    Painting(TilePlan plan, RegionMap map) {
      this.plan = plan;
      this.now = map.now();
      this.coverage = map.coverage();
      this.starts = new int[plan.runs().size()];
      int tiles = 0;
      for (int i = 0; i < starts.length; i++) {
        starts[i] = tiles;
        tiles += plan.runs().get(i).tiles(plan.tileBytes());
      }
      this.columns =
          Map.of(
              "liveBytes", new long[tiles],
              "liveAllocations", new long[tiles],
              "allocations", new long[tiles]);
    }

    void add(int run, Tiles tiles) {
      int end = run + 1 < starts.length ? starts[run + 1] : columns.get("liveBytes").length;
      for (int i = 0; i < tiles.index().length; i++) {
        int at = starts[run] + tiles.index()[i];
        if (at < end) {
          columns.get("liveBytes")[at] = tiles.liveBytes()[i];
          columns.get("liveAllocations")[at] = Integer.toUnsignedLong(tiles.liveAllocations()[i]);
          columns.get("allocations")[at] = Integer.toUnsignedLong(tiles.allocations()[i]);
        }
      }
      now = tiles.now();
      coverage = tiles.coverage();
    }

    HeatMap heatMap() {
      long[][] values = METRICS.stream().map(each -> columns.get(each.id())).toArray(long[][]::new);
      return new HeatMap(plan.runs().stream().map(this::segment).toList(), METRICS, values, metric);
    }

    private HeatMap.Segment segment(TilePlan.Run run) {
      Region region = run.region();
      return new HeatMap.Segment(
          Address.text(run.from()),
          Address.text(run.to()),
          plan.tileBytes(),
          region.name(),
          region.kind());
    }

    Frame.Legend legend() {
      long largest = 0;
      long least = Long.MAX_VALUE;
      for (long value : columns.get(metric)) {
        if (value > 0) {
          largest = Math.max(largest, value);
          least = Math.min(least, value);
        }
      }
      HeatMap.Metric shown =
          METRICS.stream().filter(each -> each.id().equals(metric)).findFirst().orElseThrow();
      return new Frame.Legend(
          shown.title(), shown.unit(), "log", largest == 0 ? 0 : least, largest);
    }
  }
}
