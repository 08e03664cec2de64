package org.heapatlas.memory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Tiles;
import org.heapatlas.view.Frame;
import org.heapatlas.view.HeatMap.Metric;
import org.heapatlas.view.OpenView;

/**
 * The dense columns of a plan's sparse tiles, one a metric. Called by the heap map, flat and in 3D.
 */
final class TileColumns {
  static final String LIVE_BYTES = "liveBytes";
  private static final String LIVE_ALLOCATIONS = "liveAllocations";
  private static final String CHURN = "churn";
  private static final String ALLOCATIONS = "allocations";
  static final List<Metric> METRICS =
      List.of(
          new Metric(LIVE_BYTES, "Live bytes", "B"),
          new Metric(LIVE_ALLOCATIONS, "Allocations", "count"),
          new Metric(CHURN, "Churn", "count/s"),
          new Metric(ALLOCATIONS, "Allocated ever", "count"));

  private final TilePlan plan;
  private final Map<String, long[]> columns = new LinkedHashMap<>();

  /** {@code runs} are the plan's runs, in its order. */
  TileColumns(TilePlan plan, List<Tiles> runs, Churn churn) {
    this.plan = plan;
    for (Metric metric : METRICS) {
      columns.put(metric.id(), new long[plan.tiles()]);
    }
    int start = 0;
    for (int i = 0; i < runs.size(); i++) {
      TilePlan.Run run = plan.runs().get(i);
      int end = start + run.tiles(plan.tileBytes());
      fill(runs.get(i), start, end);
      churn.paint(run, plan.tileBytes(), columns.get(CHURN), start);
      start = end;
    }
  }

  private void fill(Tiles tiles, int start, int end) {
    for (int i = 0; i < tiles.index().length; i++) {
      int at = start + tiles.index()[i];
      if (at < end) {
        columns.get(LIVE_BYTES)[at] = tiles.liveBytes()[i];
        columns.get(LIVE_ALLOCATIONS)[at] = Integer.toUnsignedLong(tiles.liveAllocations()[i]);
        columns.get(ALLOCATIONS)[at] = Integer.toUnsignedLong(tiles.allocations()[i]);
      }
    }
  }

  /** The metric that an action names. */
  static String metric(OpenView.Act act) {
    String id = act.argument("metric").isEmpty() ? act.target() : act.argument("metric");
    if (METRICS.stream().noneMatch(each -> each.id().equals(id))) {
      throw Problem.usedWrongly("the heap map has no metric '%s'".formatted(id));
    }
    return id;
  }

  long[] of(String metric) {
    return columns.get(metric);
  }

  long[][] values() {
    return columns.values().toArray(long[][]::new);
  }

  /**
   * Bytes on a linear scale up to a full tile, so that the colour is how full it is; counts, which
   * differ by powers of ten, on a logarithmic one.
   */
  Frame.Legend legend(String metric) {
    long largest = 0;
    long least = Long.MAX_VALUE;
    for (long value : columns.get(metric)) {
      if (value > 0) {
        largest = Math.max(largest, value);
        least = Math.min(least, value);
      }
    }
    Metric shown =
        METRICS.stream().filter(each -> each.id().equals(metric)).findFirst().orElseThrow();
    if (metric.equals(LIVE_BYTES)) {
      long full = Math.max(largest, plan.tileBytes());
      return new Frame.Legend(shown.title(), shown.unit(), "linear", 0, full);
    }
    return new Frame.Legend(shown.title(), shown.unit(), "log", largest == 0 ? 0 : least, largest);
  }
}
