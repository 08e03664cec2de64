package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.heapatlas.memory.CallTree.Metric;
import org.heapatlas.memory.CallTree.Node;
import org.heapatlas.view.FlameGraph;
import org.heapatlas.view.HeatMap;

/**
 * A call tree as the columns of a flame graph, the greatest callee first. Bounded: callees that are
 * thinner than a pixel are folded into one node beside those that are not, and when more than
 * {@link #MOST_NODES} are left, thicker ones are too.
 */
final class FlameColumns {
  static final int MOST_NODES = 20_000;
  private static final List<HeatMap.Metric> METRICS =
      Arrays.stream(Metric.values())
          .map(metric -> new HeatMap.Metric(metric.id, metric.title, metric.unit))
          .toList();

  /** One node of the answer; function is null when it stands for {@code folded} others. */
  private record Line(int depth, FlameGraph.Function function, int folded, long[] totals) {}

  private final Metric metric;
  private final CallFunction.Ids ids;
  private final double least;
  private final List<Line> lines = new ArrayList<>();

  private FlameColumns(Metric metric, CallFunction.Ids ids, double least) {
    this.metric = metric;
    this.ids = ids;
    this.least = least;
  }

  /** Of what lies below {@code zoomed}, on so many pixels. */
  static FlameGraph of(
      CallTree tree, Node zoomed, Metric metric, int pixels, CallFunction.Ids ids) {
    double least = (double) zoomed.total(metric) / pixels;
    FlameColumns columns = new FlameColumns(metric, ids, least);
    while (!columns.add(zoomed, 0)) {
      least = Math.max(2 * least, 1);
      columns = new FlameColumns(metric, ids, least);
    }
    return columns.graph(totals(tree.root()));
  }

  /** False when there is no room for all. */
  private boolean add(Node node, int depth) {
    lines.add(
        new Line(
            depth, node.function().shown(ids.of(node.function()), node.line()), 0, totals(node)));
    List<Node> thin = new ArrayList<>();
    List<Node> wide = new ArrayList<>();
    for (Node callee : node.callees()) {
      if (callee.total(metric) > 0) {
        (callee.total(metric) < least ? thin : wide).add(callee);
      }
    }
    wide.sort(
        Comparator.comparingLong((Node callee) -> -callee.total(metric))
            .thenComparing(callee -> ids.of(callee.function())));
    for (Node callee : wide) {
      if (!add(callee, depth + 1)) {
        return false;
      }
    }
    if (!thin.isEmpty()) {
      lines.add(folded(thin, depth + 1));
    }
    return lines.size() <= MOST_NODES;
  }

  private static Line folded(List<Node> thin, int depth) {
    long[] sums =
        Arrays.stream(Metric.values())
            .mapToLong(each -> thin.stream().mapToLong(node -> node.total(each)).sum())
            .toArray();
    return new Line(depth, null, thin.size(), sums);
  }

  private static long[] totals(Node node) {
    return Arrays.stream(Metric.values()).mapToLong(node::total).toArray();
  }

  private FlameGraph graph(long[] whole) {
    Map<FlameGraph.Function, Integer> functions = new LinkedHashMap<>();
    int[] functionOf = new int[lines.size()];
    long[][] totals = new long[Metric.values().length][lines.size()];
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (line.function() != null) {
        functionOf[i] = functions.computeIfAbsent(line.function(), fresh -> functions.size());
      }
      for (int m = 0; m < totals.length; m++) {
        totals[m][i] = line.totals()[m];
      }
    }
    return new FlameGraph(
        METRICS,
        metric.id,
        whole,
        List.copyOf(functions.keySet()),
        lines.stream().mapToInt(Line::depth).toArray(),
        functionOf,
        lines.stream().mapToInt(Line::folded).toArray(),
        totals);
  }
}
