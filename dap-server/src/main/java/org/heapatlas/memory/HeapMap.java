package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.heapatlas.model.Address;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Coverage;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RegionMap;
import org.heapatlas.model.Tiles;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.HeatMap;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.ViewDefinition;

/**
 * The address space as a heat map, from all regions down to a page in tiles of 16 bytes ({@link
 * MapPlace}) and to a single allocation.
 */
final class HeapMap implements MemoryView.ProcessView {
  private static final int PIXELS_A_TILE = 64;
  private static final String REPLAYED =
      "what was allocated ever, and churn, are counted from the state by which the replay came"
          + " here";

  private final MemoryView view;
  private final Session session;
  private final HeapSource source;
  private final MapPlace place;
  private final Churn churn = new Churn();
  private final Inspection inspection;
  private String metric = TileColumns.LIVE_BYTES;
  private OptionalLong lookedAt = OptionalLong.empty();
  private OptionalLong selected = OptionalLong.empty();

  HeapMap(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.session = session;
    this.source = session.source();
    this.place =
        new MapPlace(
            source, options.viewport().width() * options.viewport().height() / PIXELS_A_TILE);
    this.inspection = new Inspection(source);
  }

  @Override
  public Frame frame(WatchedProcess process) {
    RegionMap map = source.regions(process.id());
    TilePlan plan = place.plan(process, map);
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
        none ? MapPlace.EMPTY : null,
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
    actions.add(new Frame.Action("bytes", "Open Bytes", "tile", MemoryBytes.VIEW));
    actions.add(new Frame.Action("history", "Show History", "tile", AddressHistory.VIEW));
    actions.add(Questions.on("tile"));
    actions.add(new Frame.Action("back", "Back", "frame"));
    actions.add(new Frame.Action("metric", "Colour by", "frame"));
    actions.add(place.scope());
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

  static Frame.Coverage coverage(WatchedProcess process, Coverage coverage) {
    Frame.Coverage words = Frame.Coverage.of(coverage);
    return process.isReplayed() ? words.and(REPLAYED) : words;
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
    List<Frame.Crumb> crumbs = place.crumbs();
    inspection
        .allocation()
        .ifPresent(
            address ->
                crumbs.add(new Frame.Crumb("allocation at " + Address.text(address), "inspected")));
    return crumbs;
  }

  @Override
  public String act(OpenView.Act act, WatchedProcess process) {
    switch (act.action()) {
      case "bytes", "history" -> session.lookAt(process.id(), chosen(act, process));
      case Questions.ACTION -> session.ask(Questions.ofRange(process.id(), MapPlace.range(act)));
      default -> {
        return act(act);
      }
    }
    return "";
  }

  /** The first block of a tile, or what is selected where the action names none. */
  private long chosen(OpenView.Act act, WatchedProcess process) {
    if (act.argument("from").isEmpty()) {
      return selected.orElseThrow(
          () -> Problem.usedWrongly("nothing is chosen in the map; choose a tile first"));
    }
    Address.Range range = MapPlace.range(act);
    return session.source().allocations(process.id(), range.from(), range.to(), 1).stream()
        .mapToLong(Allocation::address)
        .findFirst()
        .orElse(range.from());
  }

  @Override
  public String act(OpenView.Act act) {
    switch (act.action()) {
      case "drill" -> drill(act);
      case "inspect" -> inspect(act);
      case "back" -> back(act.target());
      case "metric" -> metric = TileColumns.metric(act);
      case "scope" -> {
        place.switchScope();
        inspection.end();
      }
      default -> throw MemoryView.unknown(act);
    }
    return "";
  }

  /** An address, or the range of a tile; nothing ends the inspection. */
  private void inspect(OpenView.Act act) {
    if (!act.argument("from").isEmpty()) {
      inspection.choose(MapPlace.range(act));
    } else if (act.target().isEmpty()) {
      inspection.end();
    } else {
      long address = Address.parse(act.target());
      inspection.choose(new Address.Range(address, address + 1));
    }
  }

  private void drill(OpenView.Act act) {
    if (place.isCrumb(act.target())) {
      back(act.target());
      return;
    }
    Address.Range asked = MapPlace.range(act);
    if (place.lookCloser(asked)) {
      inspection.end();
    } else {
      // A page is the smallest map; what is below it is what lies there.
      inspection.choose(asked);
    }
  }

  /** To the crumb named; one step without a name. */
  private void back(String target) {
    boolean inspected = inspection.allocation().isPresent();
    inspection.end();
    if (!target.isEmpty()) {
      place.backTo(target);
    } else if (!inspected) {
      place.oneStepBack();
    }
  }
}
