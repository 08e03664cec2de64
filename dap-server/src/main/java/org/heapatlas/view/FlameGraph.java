package org.heapatlas.view;

import java.util.List;

/**
 * A tree of calls as columns: its nodes in depth-first order, callers before what they call. Node 0
 * is what was zoomed into, at first all. {@code totals[m]} holds metric m of all nodes, their own
 * and what lies below them; {@code whole} is that of all, whatever was zoomed into. A node with
 * {@code folded} stands for so many that were too thin, and has no function.
 */
public record FlameGraph(
    List<HeatMap.Metric> metrics,
    String metric,
    long[] whole,
    List<Function> functions,
    int[] depths,
    int[] functionOf,
    int[] folded,
    long[][] totals)
    implements WidgetData {

  /** {@code signature}: its whole name, where that says more; {@code path} may be empty. */
  public record Function(
      String id, String name, String signature, String path, int line, String module) {}
}
