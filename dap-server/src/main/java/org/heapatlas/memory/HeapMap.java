package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.heapatlas.model.Address;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Coverage;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Region;
import org.heapatlas.model.RegionMap;
import org.heapatlas.model.Resident;
import org.heapatlas.model.Tiles;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.HeatMap;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;

/**
 * The address space as a heat map: all regions that hold allocations at first, or everything
 * mapped, then any range of them, down to a page in tiles of 16 bytes and to a single allocation.
 * The breadcrumbs are the way back.
 */
final class HeapMap implements MemoryView.ProcessView {
  private static final int PIXELS_A_TILE = 64;
  private static final long SMALLEST_RANGE = 4096;
  private static final String ALL = "all";
  private static final String REPLAYED =
      "what was allocated ever, and churn, are counted from the state by which the replay came"
          + " here";
  private static final String EMPTY =
      "Nothing is allocated yet; the map fills with the program's first allocation.";

  private final MemoryView view;
  private final Session session;
  private final HeapSource source;
  private final int budget;
  private final List<Address.Range> way = new ArrayList<>();
  private final Churn churn = new Churn();
  private final Inspection inspection;
  private final OccupiedParts occupied;
  private String metric = TileColumns.LIVE_BYTES;
  private boolean everything;
  private OptionalLong lookedAt = OptionalLong.empty();
  private OptionalLong selected = OptionalLong.empty();

  HeapMap(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
    this.budget = options.viewport().width() * options.viewport().height() / PIXELS_A_TILE;
    this.inspection = new Inspection(source);
    this.occupied = new OccupiedParts(source);
  }

  @Override
  public Frame frame(WatchedProcess process) {
    RegionMap map = source.regions(process.id());
    TilePlan plan = plan(process, map);
    List<Tiles> runs =
        plan.runs().stream()
            .map(run -> source.tiles(process.id(), run.from(), run.to(), plan.tileBytes()))
            .toList();
    churn.update(runs, plan.tileBytes());
    TileColumns columns = new TileColumns(plan, runs, churn);
    HeatMap.Detail detail = inspection.detail(process, map.now());
    lookAtInspected(process);
    selected =
        detail == null ? OptionalLong.empty() : OptionalLong.of(Address.parse(detail.from()));
    boolean none = runs.isEmpty();
    return new Frame(
        view.widget(),
        view.title(),
        MemoryView.time(none ? map.now() : runs.getLast().now(), process),
        coverage(process, none ? map.coverage() : runs.getLast().coverage()),
        none ? null : columns.legend(metric),
        crumbs(),
        detail == null ? null : new Frame.Selection(detail.from(), detail.to(), ""),
        actions(detail),
        none ? EMPTY : null,
        null,
        none
            ? null
            : new HeatMap(
                plan.runs().stream().map(run -> segment(run, plan.tileBytes())).toList(),
                TileColumns.METRICS,
                columns.values(),
                metric,
                MappedRegions.in(plan.runs(), map.regions()),
                detail));
  }

  private List<Frame.Action> actions(HeatMap.Detail detail) {
    List<Frame.Action> actions = new ArrayList<>();
    actions.add(new Frame.Action("drill", "Look closer", "tile"));
    actions.add(new Frame.Action("inspect", "What is here", "tile"));
    actions.add(new Frame.Action("back", "Back", "frame"));
    actions.add(new Frame.Action("metric", "Colour by", "frame"));
    actions.add(new Frame.Action("scope", everything ? "Only the heap" : "All mappings", "frame"));
    if (detail != null) {
      actions.add(new Frame.Action("bytes", "Show its bytes", "frame", MemoryBytes.VIEW));
    }
    return actions;
  }

  /** Once for each block: what is chosen in another view afterwards stays chosen. */
  private void lookAtInspected(WatchedProcess process) {
    OptionalLong inspected = inspection.allocation();
    if (inspected.isPresent() && !inspected.equals(lookedAt)) {
      session.lookAt(process.id(), inspected.getAsLong());
    }
    lookedAt = inspected;
  }

  private static Frame.Coverage coverage(WatchedProcess process, Coverage coverage) {
    Frame.Coverage words = Frame.Coverage.of(coverage);
    return process.isReplayed() ? words.and(REPLAYED) : words;
  }

  private TilePlan plan(WatchedProcess process, RegionMap map) {
    if (way.isEmpty()) {
      return TilePlan.of(
          everything
              ? map.regions().stream().filter(HeapMap::ofTheProgram).toList()
              : occupied.of(process.id(), map.regions()),
          budget);
    }
    Address.Range range = way.getLast();
    return TilePlan.of(range, holder(map, range), budget);
  }

  /** The kernel's own page stands at an address that no program can use. */
  private static boolean ofTheProgram(Region region) {
    return region.from() >= 0 && region.to() <= TilePlan.END_OF_ADDRESSES;
  }

  /** The region that holds most of the range. */
  private static Region holder(RegionMap map, Address.Range range) {
    return map.regions().stream()
        .filter(region -> region.from() < range.to() && range.from() < region.to())
        .max(
            Comparator.comparingLong(
                region ->
                    Math.min(region.to(), range.to()) - Math.max(region.from(), range.from())))
        .orElse(new Region(range.from(), range.to(), "not mapped", "", 0, 0, Resident.NONE));
  }

  private static HeatMap.Segment segment(TilePlan.Run run, long tileBytes) {
    return new HeatMap.Segment(
        Address.text(run.from()),
        Address.text(run.to()),
        tileBytes,
        run.region().name(),
        run.region().kind());
  }

  private List<Frame.Crumb> crumbs() {
    List<Frame.Crumb> crumbs = new ArrayList<>();
    crumbs.add(new Frame.Crumb(everything ? "All mappings" : "Heap regions", ALL));
    for (Address.Range range : way) {
      crumbs.add(
          new Frame.Crumb(
              Bytes.text(range.length()) + " at " + Address.text(range.from()), range.toString()));
    }
    inspection
        .allocation()
        .ifPresent(
            address ->
                crumbs.add(new Frame.Crumb("allocation at " + Address.text(address), "inspected")));
    return crumbs;
  }

  @Override
  public String act(OpenView.Act act, WatchedProcess process) {
    if (!act.action().equals("bytes")) {
      return act(act);
    }
    if (selected.isEmpty()) {
      throw Problem.usedWrongly("nothing is chosen in the map; choose a tile first");
    }
    session.lookAt(process.id(), selected.getAsLong());
    return "";
  }

  @Override
  public String act(OpenView.Act act) {
    switch (act.action()) {
      case "drill" -> drill(act);
      case "inspect" -> inspect(act);
      case "back" -> back(act.target());
      case "metric" ->
          chooseMetric(act.argument("metric").isEmpty() ? act.target() : act.argument("metric"));
      case "scope" -> {
        everything = !everything;
        way.clear();
        inspection.end();
      }
      default -> throw MemoryView.unknown(act);
    }
    return "";
  }

  /** An address, or the range of a tile; nothing ends the inspection. */
  private void inspect(OpenView.Act act) {
    if (!act.argument("from").isEmpty()) {
      inspection.choose(range(act));
    } else if (act.target().isEmpty()) {
      inspection.end();
    } else {
      long address = Address.parse(act.target());
      inspection.choose(new Address.Range(address, address + 1));
    }
  }

  private static Address.Range range(OpenView.Act act) {
    return Address.parseRange(
        act.argument("from").isEmpty()
            ? act.target()
            : act.argument("from") + "-" + act.argument("to"));
  }

  private void drill(OpenView.Act act) {
    if (isCrumb(act.target())) {
      back(act.target());
      return;
    }
    Address.Range asked = range(act);
    Address.Range range = atLeastAPage(asked);
    if (!way.isEmpty() && way.getLast().equals(range)) {
      // A page is the smallest map; what is below it is what lies there.
      inspection.choose(asked);
    } else {
      inspection.end();
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
    boolean inspected = inspection.allocation().isPresent();
    inspection.end();
    if (target.isEmpty()) {
      if (!inspected && !way.isEmpty()) {
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
    if (TileColumns.METRICS.stream().noneMatch(each -> each.id().equals(id))) {
      throw Problem.usedWrongly("the heap map has no metric '%s'".formatted(id));
    }
    metric = id;
  }
}
