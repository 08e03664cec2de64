package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.heapatlas.model.Address;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.RegionMap;
import org.heapatlas.model.Tiles;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Session;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;
import org.heapatlas.view.Scene;
import org.heapatlas.view.ViewDefinition;

/**
 * The heap map as a terrain: the same tiles at the same places of the address space ({@link
 * MapPlace}), as high as they are full, coloured by a metric. A tile in which nothing lies is no
 * box, so that what is drawn follows the heap up to the most tiles.
 */
final class HeapTopology implements MemoryView.ProcessView {
  private static final int MOST_TILES = 4096;
  private static final int PIXELS_A_TILE = 100;
  private static final double HEIGHT_OF_DEPTH = 0.3;

  /** So that what was freed, and is counted by another metric, can be seen. */
  private static final double LEAST_HEIGHT = 0.05;

  private static final Scene.Camera HOME = new Scene.Camera(-24, 38);

  private final MemoryView view;
  private final HeapSource source;
  private final MapPlace place;
  private final Churn churn = new Churn();
  private String metric = TileColumns.LIVE_BYTES;

  HeapTopology(MemoryView view, Session session, ViewDefinition.Options options) {
    this.view = view;
    this.source = session.source();
    int pixels = options.viewport().width() * options.viewport().height();
    this.place = new MapPlace(source, Math.min(MOST_TILES, pixels / PIXELS_A_TILE));
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
    boolean none = runs.isEmpty();
    return new Frame(
        view.widget(),
        view.title(),
        MemoryView.time(none ? map.now() : runs.getLast().now(), process),
        HeapMap.coverage(process, none ? map.coverage() : runs.getLast().coverage()),
        none ? null : columns.legend(metric),
        place.crumbs(),
        null,
        List.of(
            new Frame.Action("drill", "Look closer", "tile"),
            new Frame.Action("back", "Back", "frame"),
            new Frame.Action("metric", "Colour by", "frame"),
            place.scope()),
        none ? MapPlace.EMPTY : null,
        null,
        none ? null : scene(plan, columns));
  }

  private Scene scene(TilePlan plan, TileColumns columns) {
    Terrain terrain = Terrain.of(plan);
    double height = Math.max(2, terrain.depth() * HEIGHT_OF_DEPTH);
    double full = columns.legend(TileColumns.LIVE_BYTES).max();
    return new Scene(
        terrain.plots().stream().map(HeapTopology::plate).toList(),
        boxes(terrain, plan.tileBytes(), columns, height / full),
        List.of(
            new Scene.Axis("x", "Address", "", 0),
            new Scene.Axis("y", "Live bytes per tile", "B", full / height)),
        HOME,
        TileColumns.METRICS,
        metric);
  }

  private static Scene.Plate plate(Terrain.Plot plot) {
    TilePlan.Run run = plot.run();
    return new Scene.Plate(
        plot.x(),
        0,
        plot.columns(),
        plot.rows(),
        run.region().name(),
        Bytes.text(run.length()) + " at " + Address.text(run.from()),
        new Address.Range(run.from(), run.to()).toString());
  }

  private Scene.Boxes boxes(
      Terrain terrain, long tileBytes, TileColumns columns, double heightOfByte) {
    long[] live = columns.of(TileColumns.LIVE_BYTES);
    long[] shown = columns.of(metric);
    double[][] boxes = new double[5][live.length];
    List<String> targets = new ArrayList<>();
    int first = 0;
    for (Terrain.Plot plot : terrain.plots()) {
      for (int tile = 0; tile < plot.tiles(); tile++) {
        int at = first + tile;
        if (live[at] == 0 && shown[at] == 0) {
          continue;
        }
        int box = targets.size();
        boxes[0][box] = plot.columnOf(tile);
        boxes[1][box] = plot.rowOf(tile);
        boxes[2][box] = Math.max(LEAST_HEIGHT, live[at] * heightOfByte);
        boxes[3][box] = live[at];
        boxes[4][box] = shown[at];
        long from = plot.run().from() + tile * tileBytes;
        targets.add(new Address.Range(from, from + tileBytes).toString());
      }
      first += plot.tiles();
    }
    double[][] cut =
        Arrays.stream(boxes)
            .map(column -> Arrays.copyOf(column, targets.size()))
            .toArray(double[][]::new);
    return new Scene.Boxes(1, 1, cut[0], cut[1], cut[2], cut[3], cut[4], targets);
  }

  @Override
  public String act(OpenView.Act act) {
    switch (act.action()) {
      case "drill" -> drill(act);
      case "back" -> back(act.target());
      case "metric" -> metric = TileColumns.metric(act);
      case "scope" -> place.switchScope();
      default -> throw MemoryView.unknown(act);
    }
    return "";
  }

  private void drill(OpenView.Act act) {
    if (place.isCrumb(act.target())) {
      place.backTo(act.target());
    } else {
      place.lookCloser(MapPlace.range(act));
    }
  }

  private void back(String crumb) {
    if (crumb.isEmpty()) {
      place.oneStepBack();
    } else {
      place.backTo(crumb);
    }
  }
}
