package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javafx.geometry.Point2D;
import org.heapatlas.eclipse.ui.widgets.GraphLayout.Key;
import org.heapatlas.eclipse.ui.widgets.GraphLayout.Placed;
import org.heapatlas.eclipse.ui.widgets.GraphLayout.Shape;

/**
 * Sugiyama's layout in layers from left to right: edges that close a cycle are turned round, nodes
 * ranked along the longest path, long edges split at each layer between, layers ordered by the
 * barycentres of their neighbours so that few edges cross, and placed as near to their neighbours
 * as their distances allow. Between two layers of nodes lies one of edges' labels.
 */
final class LayeredLayout {
  private static final double LABEL_WIDTH = 58;
  private static final double LABEL_HEIGHT = 14;
  private static final double RANK_GAP = 13;
  private static final double NODE_GAP = 14;
  private static final double EDGE_GAP = 8;
  private static final double MARGIN = 12;
  private static final int SWEEPS = 12;
  private static final int SETTLINGS = 24;

  /** What stands in a layer: a node, an edge's label, or a bend of a long edge. */
  private static final class Item {
    final int rank;
    final double height;
    final boolean isNode;
    final List<Item> before = new ArrayList<>();
    final List<Item> after = new ArrayList<>();
    int order;
    double y;

    Item(int rank, double height, boolean isNode) {
      this.rank = rank;
      this.height = height;
      this.isNode = isNode;
    }
  }

  /** An edge as it is laid out, from a lower rank to a higher one. */
  private record Line(Key key, boolean turned, List<Item> items, Item label) {}

  private final Shape shape;
  private final Map<String, Set<String>> successors = new HashMap<>();
  private final Set<Key> turned = new HashSet<>();
  private final Map<String, Integer> ranks = new HashMap<>();
  private final Map<String, Item> nodes = new HashMap<>();
  private final List<Line> lines = new ArrayList<>();
  private final List<List<Item>> layers = new ArrayList<>();

  LayeredLayout(Shape shape) {
    this.shape = shape;
  }

  GraphLayout layOut() {
    if (shape.nodes().isEmpty()) return new GraphLayout(0, 0, Map.of(), Map.of());
    breakCycles();
    rank();
    makeItems();
    order();
    place();
    return result();
  }

  // ---- layers

  /** Depth first: an edge to what is still open closes a cycle. */
  private void breakCycles() {
    var targets = new HashMap<String, List<String>>();
    for (var edge : shape.edges()) {
      if (!edge.from().equals(edge.to())) {
        targets.computeIfAbsent(edge.from(), from -> new ArrayList<>()).add(edge.to());
      }
    }
    var entered =
        new HashSet<>(
            shape.edges().stream().filter(e -> !e.from().equals(e.to())).map(Key::to).toList());
    var done = new HashSet<String>();
    var sources = shape.nodes().stream().filter(id -> !entered.contains(id)).toList();
    for (var id : sources) visit(id, targets, new HashSet<>(), done);
    for (var id : shape.nodes()) visit(id, targets, new HashSet<>(), done);
  }

  private void visit(
      String id, Map<String, List<String>> targets, Set<String> open, Set<String> done) {
    if (done.contains(id)) return;
    open.add(id);
    for (var next : targets.getOrDefault(id, List.of())) {
      if (open.contains(next)) {
        turned.add(new Key(id, next));
        successors.computeIfAbsent(next, from -> new HashSet<>()).add(id);
      } else {
        visit(next, targets, open, done);
        successors.computeIfAbsent(id, from -> new HashSet<>()).add(next);
      }
    }
    open.remove(id);
    done.add(id);
  }

  /** Along the longest path; what has more behind it than before it moves up to that. */
  private void rank() {
    shape.nodes().forEach(id -> ranks.put(id, 0));
    var order = topological();
    for (var id : order) {
      for (var next : successors.getOrDefault(id, Set.of())) {
        ranks.merge(next, ranks.get(id) + 1, Math::max);
      }
    }
    var entering = new HashMap<String, Integer>();
    successors.values().forEach(all -> all.forEach(to -> entering.merge(to, 1, Integer::sum)));
    for (var id : order.reversed()) {
      var after = successors.getOrDefault(id, Set.of());
      if (after.size() <= entering.getOrDefault(id, 0)) continue;
      ranks.put(id, after.stream().mapToInt(ranks::get).min().orElseThrow() - 1);
    }
  }

  private List<String> topological() {
    var order = new ArrayList<String>();
    var done = new HashSet<String>();
    shape.nodes().forEach(id -> finish(id, order, done));
    Collections.reverse(order);
    return order;
  }

  private void finish(String id, List<String> order, Set<String> done) {
    if (!done.add(id)) return;
    successors.getOrDefault(id, Set.of()).stream()
        .sorted()
        .forEach(next -> finish(next, order, done));
    order.add(id);
  }

  /** Nodes stand in even layers; labels and bends in any. */
  private void makeItems() {
    int last = Collections.max(ranks.values()) * 2;
    for (int rank = 0; rank <= last; rank++) layers.add(new ArrayList<>());
    for (var id : shape.nodes()) {
      nodes.put(id, add(new Item(ranks.get(id) * 2, GraphLayout.NODE_HEIGHT, true)));
    }
    for (var edge : shape.edges()) {
      if (!edge.from().equals(edge.to())) lines.add(line(edge));
    }
  }

  private Item add(Item item) {
    var layer = layers.get(item.rank);
    item.order = layer.size();
    layer.add(item);
    return item;
  }

  private Line line(Key edge) {
    boolean isTurned = turned.contains(edge);
    var first = nodes.get(isTurned ? edge.to() : edge.from());
    var last = nodes.get(isTurned ? edge.from() : edge.to());
    var items = new ArrayList<Item>();
    items.add(first);
    int middle = (first.rank + last.rank) / 2;
    Item label = null;
    for (int rank = first.rank + 1; rank < last.rank; rank++) {
      var item = add(new Item(rank, rank == middle ? LABEL_HEIGHT : 0, false));
      if (rank == middle) label = item;
      items.add(item);
    }
    items.add(last);
    for (int at = 1; at < items.size(); at++) {
      items.get(at - 1).after.add(items.get(at));
      items.get(at).before.add(items.get(at - 1));
    }
    return new Line(edge, isTurned, items, label);
  }

  // ---- the order within layers

  /**
   * By the barycentres of the layer before and of the one behind, in turns; the order with the
   * fewest crossings stays.
   */
  private void order() {
    orderDepthFirst();
    var best = orders();
    int fewest = crossings();
    for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
      boolean forward = sweep % 2 == 0;
      for (var layer : forward ? layers : layers.reversed()) sort(layer, forward);
      int crossings = crossings();
      if (crossings >= fewest) continue;
      fewest = crossings;
      best = orders();
    }
    for (int rank = 0; rank < layers.size(); rank++) {
      layers.get(rank).clear();
      layers.get(rank).addAll(best.get(rank));
      number(layers.get(rank));
    }
  }

  private List<List<Item>> orders() {
    return layers.stream().map(List::copyOf).toList();
  }

  /** At first as they are reached from the left. */
  private void orderDepthFirst() {
    var reached = new ArrayList<Item>();
    var seen = new HashSet<Item>();
    for (var layer : layers) for (var item : layer) reach(item, reached, seen);
    layers.forEach(List::clear);
    reached.forEach(item -> layers.get(item.rank).add(item));
    layers.forEach(LayeredLayout::number);
  }

  private static void reach(Item item, List<Item> reached, Set<Item> seen) {
    if (!seen.add(item)) return;
    reached.add(item);
    item.after.forEach(next -> reach(next, reached, seen));
  }

  private static void sort(List<Item> layer, boolean forward) {
    var centres = new HashMap<Item, Double>();
    for (var item : layer) {
      var beside = forward ? item.before : item.after;
      centres.put(item, beside.stream().mapToInt(each -> each.order).average().orElse(item.order));
    }
    layer.sort(Comparator.comparingDouble(centres::get));
    number(layer);
  }

  private static void number(List<Item> layer) {
    for (int at = 0; at < layer.size(); at++) layer.get(at).order = at;
  }

  private int crossings() {
    int sum = 0;
    for (var layer : layers) {
      var ends = new ArrayList<Integer>();
      for (var item : layer) {
        item.after.stream().map(next -> next.order).sorted().forEach(ends::add);
      }
      for (int one = 0; one < ends.size(); one++) {
        for (int other = one + 1; other < ends.size(); other++) {
          if (ends.get(one) > ends.get(other)) sum++;
        }
      }
    }
    return sum;
  }

  // ---- places

  private void place() {
    for (var layer : layers) {
      double y = 0;
      for (int at = 0; at < layer.size(); at++) {
        if (at > 0) y += distance(layer.get(at - 1), layer.get(at));
        layer.get(at).y = y;
      }
    }
    for (int settling = 0; settling < SETTLINGS; settling++) {
      boolean forward = settling % 2 == 0;
      for (var layer : forward ? layers : layers.reversed()) settle(layer, forward);
    }
  }

  private static double distance(Item above, Item below) {
    double gap = above.isNode && below.isNode ? NODE_GAP : EDGE_GAP;
    return above.height / 2 + gap + below.height / 2;
  }

  /** A run of items that touch each other. */
  private record Block(double sum, int count, int end) {
    double top() {
      return sum / count;
    }

    Block with(Block below) {
      return new Block(sum + below.sum, count + below.count, below.end);
    }
  }

  /**
   * As near to where each wants to be as the distances allow: least squares, by pooling those that
   * would overlap.
   */
  private static void settle(List<Item> layer, boolean forward) {
    var offsets = new double[layer.size()];
    var blocks = new ArrayList<Block>();
    for (int at = 0; at < layer.size(); at++) {
      if (at > 0) offsets[at] = offsets[at - 1] + distance(layer.get(at - 1), layer.get(at));
      blocks.add(new Block(wanted(layer.get(at), forward) - offsets[at], 1, at));
      while (blocks.size() > 1 && blocks.get(blocks.size() - 2).top() > blocks.getLast().top()) {
        var below = blocks.removeLast();
        blocks.add(blocks.removeLast().with(below));
      }
    }
    int at = 0;
    for (var block : blocks) {
      for (; at <= block.end; at++) layer.get(at).y = block.top() + offsets[at];
    }
  }

  /** Mostly at its neighbours' height on the one side, for edges to be straight. */
  private static double wanted(Item item, boolean forward) {
    var beside = forward ? item.before : item.after;
    if (beside.isEmpty()) beside = forward ? item.after : item.before;
    return beside.stream().mapToDouble(each -> each.y).average().orElse(item.y);
  }

  private GraphLayout result() {
    double top = Double.POSITIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (var layer : layers) {
      for (var item : layer) {
        top = Math.min(top, item.y - item.height / 2);
        bottom = Math.max(bottom, item.y + item.height / 2);
      }
    }
    double shift = MARGIN - top;
    var points = new HashMap<String, Point2D>();
    nodes.forEach((id, item) -> points.put(id, new Point2D(x(item), item.y + shift)));
    var edges = new HashMap<Key, Placed>();
    for (var line : lines) edges.put(line.key, placed(line, shift));
    double width = x(layers.size() - 1) + GraphLayout.NODE_WIDTH / 2 + MARGIN;
    return new GraphLayout(width, bottom - top + 2 * MARGIN, points, edges);
  }

  private static double x(Item item) {
    return x(item.rank);
  }

  private static double x(int rank) {
    double pitch = GraphLayout.NODE_WIDTH + LABEL_WIDTH + 2 * RANK_GAP;
    return MARGIN + GraphLayout.NODE_WIDTH / 2 + rank * pitch / 2;
  }

  private static Placed placed(Line line, double shift) {
    var points = new ArrayList<Point2D>();
    int last = line.items.size() - 1;
    for (int at = 0; at <= last; at++) {
      var item = line.items.get(at);
      double side = at == 0 ? 1 : at == last ? -1 : 0;
      points.add(new Point2D(x(item) + side * GraphLayout.NODE_WIDTH / 2, item.y + shift));
    }
    if (line.turned) Collections.reverse(points);
    return new Placed(List.copyOf(points), new Point2D(x(line.label), line.label.y + shift));
  }
}
