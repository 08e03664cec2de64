package org.heapatlas.eclipse.view;

import java.util.List;
import java.util.stream.Stream;

/**
 * A tree of calls as columns of one length, its nodes in depth-first order; node 0 is what was
 * zoomed into, at first all.
 *
 * @param metric the one that widths show
 * @param whole of all, whatever was zoomed into; aligned with metrics
 * @param functionOf without meaning where a node is folded
 * @param folded 0, or how many callees that are too thin a node stands for
 * @param totals aligned with metrics
 */
public record FlameGraph(
    List<Metric> metrics,
    String metric,
    Numbers whole,
    List<Function> functions,
    Numbers depths,
    Numbers functionOf,
    Numbers folded,
    List<Numbers> totals)
    implements WidgetData {
  /** More than any screen shows, and deeper than any stack that is recorded. */
  private static final int MAX_NODES = 1 << 18;

  private static final int MAX_DEPTH = 4096;

  public record Function(
      String id, String name, String signature, String path, int line, String module) {}

  static FlameGraph read(Json data) {
    var graph =
        new FlameGraph(
            data.list("metrics", Metric::read),
            data.string("metric"),
            data.numbers("whole"),
            data.list("functions", FlameGraph::readFunction),
            data.numbers("depths"),
            data.numbers("functionOf"),
            data.numbers("folded"),
            data.numberLists("totals"));
    graph.checkColumns(data);
    for (int node = 0; node < graph.depths.size(); node++) graph.checkNode(data, node);
    return graph;
  }

  private static Function readFunction(Json f) {
    return new Function(
        f.string("id"),
        f.string("name"),
        f.string("signature"),
        f.string("path"),
        f.integer("line"),
        f.string("module"));
  }

  private void checkColumns(Json data) {
    int nodes = depths.size();
    if (nodes > MAX_NODES) throw data.unfit("depths", "at most " + MAX_NODES + " nodes", nodes);
    if (metrics.stream().noneMatch(m -> m.id().equals(metric))) {
      throw data.unfit("metric", "one of its metrics", metric);
    }
    if (whole.size() != metrics.size()) {
      throw data.unfit("whole", "a number a metric", whole.size());
    }
    if (totals.size() != metrics.size()) {
      throw data.unfit("totals", "a column a metric", totals.size());
    }
    var columns = Stream.concat(Stream.of(functionOf, folded), totals.stream());
    if (columns.anyMatch(column -> column.size() != nodes)) {
      throw data.unfit("totals", "columns of one length", nodes);
    }
    if (totals.stream().anyMatch(t -> t.stream().anyMatch(v -> !(v >= 0 && Double.isFinite(v))))) {
      throw data.unfit("totals", "amounts of at least 0", "another");
    }
  }

  private void checkNode(Json data, int node) {
    double depth = depths.get(node);
    double most = node == 0 ? 0 : Math.min(depths.get(node - 1) + 1, MAX_DEPTH);
    if (depth != Math.rint(depth) || depth < Math.min(node, 1) || depth > most) {
      throw data.unfit("depths[" + node + "]", "a depth of at most " + most, depth);
    }
    double function = functionOf.get(node);
    if (folded.get(node) == 0 && !(function >= 0 && function < functions.size())) {
      throw data.unfit("functionOf[" + node + "]", "one of its functions", function);
    }
  }
}
