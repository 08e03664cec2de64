package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.heapatlas.eclipse.view.Csv;
import org.heapatlas.eclipse.view.FlameGraph;
import org.heapatlas.eclipse.view.FlameGraph.Function;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Metric;
import org.heapatlas.eclipse.view.Numbers;

/**
 * Where the nodes of a flame graph lie, what they hold, and which is next to which, apart from
 * pixels. Coordinates: {@code start} and {@code total} in the metric's unit from the left edge,
 * rows by depth from the top. Pure.
 */
public final class FlameModel {
  /** What a search found: which nodes, and what they hold together, each byte once. */
  public record Found(BitSet nodes, double total) {}

  private final FlameGraph data;
  private final int at;
  private final Numbers totals;
  private final int[] parents;
  private final double[] starts;
  private final List<List<Integer>> rows = new ArrayList<>();

  public FlameModel(FlameGraph data) {
    this.data = data;
    at =
        IntStream.range(0, data.metrics().size())
            .filter(i -> data.metrics().get(i).id().equals(data.metric()))
            .findFirst()
            .orElseThrow();
    totals = data.totals().get(at);
    parents = new int[data.depths().size()];
    starts = new double[parents.length];
    place();
  }

  /**
   * Callees lie side by side from their caller's left edge on; what it holds itself is left blank
   * at its right.
   */
  private void place() {
    var last = new ArrayList<Integer>();
    var next = new ArrayList<Double>();
    for (int node = 0; node < parents.length; node++) {
      int depth = depth(node);
      while (next.size() < depth + 2) next.add(0.0);
      while (last.size() < depth + 1) last.add(0);
      while (rows.size() < depth + 1) rows.add(new ArrayList<>());
      parents[node] = depth == 0 ? -1 : last.get(depth - 1);
      starts[node] = next.get(depth);
      last.set(depth, node);
      next.set(depth, starts[node] + total(node));
      next.set(depth + 1, starts[node]);
      rows.get(depth).add(node);
    }
  }

  public FlameGraph data() {
    return data;
  }

  Metric metric() {
    return data.metrics().get(at);
  }

  int count() {
    return parents.length;
  }

  List<List<Integer>> rows() {
    return rows;
  }

  /** What is zoomed into. */
  public double width() {
    return totals.isEmpty() ? 0 : totals.get(0);
  }

  public double total(int node) {
    return totals.at(node);
  }

  public double start(int node) {
    return starts[node];
  }

  int depth(int node) {
    return (int) data.depths().get(node);
  }

  int folded(int node) {
    return (int) data.folded().get(node);
  }

  private boolean hasParent(int node) {
    return parents[node] >= 0;
  }

  /** None of a node that stands for thin ones. */
  Optional<Function> functionOf(int node) {
    return node < 0 || node >= count() || folded(node) > 0
        ? Optional.empty()
        : Optional.of(data.functions().get((int) data.functionOf().get(node)));
  }

  String name(int node) {
    return functionOf(node)
        .map(Function::name)
        .orElseGet(() -> Format.count(folded(node)) + " thinner");
  }

  /** In depth-first order a node's callees follow it. */
  List<Integer> children(int node) {
    var children = new ArrayList<Integer>();
    for (int next = node + 1; next < count() && depth(next) > depth(node); next++) {
      if (parents[next] == node) children.add(next);
    }
    return children;
  }

  /** What it holds itself, not through what it calls. */
  double own(int node) {
    return total(node) - children(node).stream().mapToDouble(this::total).sum();
  }

  /** The node of a row that covers a value; none in what a caller holds itself, or -1. */
  public int nodeAt(double value, int depth) {
    if (depth < 0 || depth >= rows.size()) return -1;
    var row = rows.get(depth);
    int low = 0;
    int high = row.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[row.get(middle)] <= value) low = middle;
      else high = middle - 1;
    }
    int node = row.get(low);
    return value >= starts[node] && value < starts[node] + total(node) ? node : -1;
  }

  int caller(int node) {
    return hasParent(node) ? parents[node] : node;
  }

  int firstCallee(int node) {
    var children = children(node);
    return children.isEmpty() ? node : children.getFirst();
  }

  int beside(int node, int step) {
    var row = rows.get(depth(node));
    int place = row.indexOf(node) + step;
    return place < 0 || place >= row.size() ? node : row.get(place);
  }

  /** From what is zoomed into down to the node. */
  private Deque<Integer> path(int node) {
    var path = new ArrayDeque<Integer>();
    for (int each = node; each >= 0; each = parents[each]) path.addFirst(each);
    return path;
  }

  /**
   * The action's target for zooming into a node; nothing for what is zoomed into already. A thin
   * one lies in its caller.
   */
  public String target(int node) {
    if (node < 0 || node >= count()) return "";
    int into = folded(node) > 0 ? caller(node) : node;
    return path(into).stream()
        .skip(1)
        .map(each -> functionOf(each).map(Function::id).orElse(""))
        .collect(Collectors.joining("."));
  }

  /** The node with such a path, or as much of it as there is. */
  public int find(String target) {
    int found = 0;
    for (var id : target.isEmpty() ? new String[0] : target.split("\\.")) {
      var next =
          children(found).stream()
              .filter(child -> functionOf(child).filter(f -> f.id().equals(id)).isPresent())
              .findFirst();
      if (next.isEmpty()) break;
      found = next.get();
    }
    return found;
  }

  /**
   * Functions whose name, module or file contains the text, in whatever case; nothing without a
   * text.
   */
  public Optional<Found> search(String text) {
    var wanted = text.strip().toLowerCase(Locale.ROOT);
    if (wanted.isEmpty()) return Optional.empty();
    var fits = new BitSet();
    for (int i = 0; i < data.functions().size(); i++) {
      var f = data.functions().get(i);
      fits.set(
          i,
          Stream.of(f.name(), f.signature(), f.module(), f.path())
              .anyMatch(words -> words.toLowerCase(Locale.ROOT).contains(wanted)));
    }
    var nodes = new BitSet();
    double total = 0;
    double covered = 0;
    for (int node = 0; node < count(); node++) {
      if (folded(node) > 0 || !fits.get((int) data.functionOf().get(node))) continue;
      nodes.set(node);
      // In depth-first order a node lies in an earlier one that was found, or wholly behind it.
      if (starts[node] < covered) continue;
      total += total(node);
      covered = starts[node] + total(node);
    }
    return Optional.of(new Found(nodes, total));
  }

  /** The share of all that is there, whatever is zoomed into. */
  private double shareOfAll(double amount) {
    double whole = data.whole().at(at);
    return whole > 0 ? amount / whole : 0;
  }

  private double shareOfCaller(int node) {
    double whole = total(parents[node]);
    return whole > 0 ? total(node) / whole : 0;
  }

  // ---- the words

  private String amount(double value) {
    return Format.quantity(value, metric().unit());
  }

  private static String share(double share) {
    return Format.quantity(share, "ratio");
  }

  /** One line: name, amount, shares. */
  String sentence(int node) {
    var words =
        "%s: %s, %s of all"
            .formatted(name(node), amount(total(node)), share(shareOfAll(total(node))));
    return hasParent(node) ? words + ", " + share(shareOfCaller(node)) + " of its caller" : words;
  }

  String foundSentence(Found found) {
    int count = found.nodes.cardinality();
    if (count == 0) return "Nothing matches in what is wide enough to be seen.";
    double share = width() > 0 ? found.total / width() : 0;
    return "%d %s %s, %s"
        .formatted(
            count, count == 1 ? "match holds" : "matches hold", amount(found.total), share(share));
  }

  NodeWords words(int node) {
    var function = functionOf(node);
    var figures = new ArrayList<Tip.Figure>();
    for (int i = 0; i < data.metrics().size(); i++) {
      var each = data.metrics().get(i);
      double value = data.totals().get(i).at(node);
      figures.add(
          new Tip.Figure(
              each.title(),
              Format.quantity(value, each.unit()),
              Format.exactly(value, each.unit())));
    }
    double own = own(node);
    if (own > 0 && function.isPresent()) {
      figures.add(new Tip.Figure("Its own", amount(own), Format.exactly(own, metric().unit())));
    }
    double ofAll = shareOfAll(total(node));
    figures.add(new Tip.Figure("Of all", share(ofAll), Double.toString(ofAll)));
    if (hasParent(node)) {
      double part = shareOfCaller(node);
      figures.add(new Tip.Figure("Of its caller", share(part), Double.toString(part)));
    }
    return new NodeWords(
        function
            .map(f -> f.signature().isEmpty() ? f.name() : f.signature())
            .orElseGet(() -> name(node) + " callees, too thin to be seen"),
        function
            .map(
                f ->
                    Stream.of(Format.source(f.path(), f.line()), f.module())
                        .filter(words -> !words.isEmpty())
                        .collect(Collectors.joining(" · ")))
            .orElse(""),
        figures);
  }

  /** A line a node: the stack down to it, and what it holds of each metric. */
  String csv() {
    var lines = new ArrayList<List<String>>();
    var head = new ArrayList<>(List.of("stack"));
    data.metrics().forEach(each -> head.add(each.head()));
    lines.add(head);
    for (int node = 0; node < count(); node++) {
      var line = new ArrayList<String>();
      line.add(path(node).stream().map(this::name).collect(Collectors.joining(";")));
      for (var column : data.totals()) line.add(Format.plain(column.get(node)));
      lines.add(line);
    }
    return Csv.of(lines);
  }
}
