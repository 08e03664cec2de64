package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.geometry.Point2D;
import org.heapatlas.eclipse.view.Csv;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Graph;
import org.heapatlas.eclipse.view.Graph.Edge;
import org.heapatlas.eclipse.view.Graph.Node;

/**
 * What a graph's nodes are to each other, their colours and their words, apart from where they
 * stand. Pure.
 */
public final class GraphModel {
  private static final double THINNEST = 1;
  private static final double THICKEST = 7;
  private static final int MOST_TOLD = 3;

  private final Graph data;
  private final Map<String, Node> byId;
  private final double peak;
  private final List<String> kinds;

  public GraphModel(Graph data) {
    this.data = data;
    byId = data.nodes().stream().collect(Collectors.toMap(Node::id, Function.identity()));
    peak = data.nodes().stream().mapToDouble(Node::value).max().orElse(0);
    var sums = new HashMap<String, Double>();
    for (var node : data.nodes()) {
      if (!node.kind().isEmpty()) sums.merge(node.kind(), node.value(), Double::sum);
    }
    kinds =
        sums.keySet().stream()
            .sorted(
                Comparator.<String>comparingDouble(kind -> -sums.get(kind))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(Palette.MOST_COLOURS)
            .toList();
  }

  public Graph data() {
    return data;
  }

  /**
   * The kinds that have colours, those with the largest values first; a kind's place is its
   * colour's number.
   */
  List<String> kinds() {
    return kinds;
  }

  double peak() {
    return peak;
  }

  Optional<Node> node(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Without hue where there is none. */
  Optional<Integer> colourOf(Node node) {
    int at = kinds.indexOf(node.kind());
    return at < 0 ? Optional.empty() : Optional.of(at);
  }

  String amount(double value) {
    return Format.quantity(value, data.unit());
  }

  /** From others than itself, the largest first. */
  List<Edge> into(String id) {
    return edges(edge -> edge.to().equals(id) && !edge.from().equals(id));
  }

  List<Edge> outOf(String id) {
    return edges(edge -> edge.from().equals(id) && !edge.to().equals(id));
  }

  private List<Edge> edges(Predicate<Edge> wanted) {
    return data.edges().stream()
        .filter(wanted)
        .sorted(Comparator.comparingDouble(Edge::value).reversed())
        .toList();
  }

  boolean leadsToItself(String id) {
    return data.edges().stream().anyMatch(e -> e.from().equals(id) && e.to().equals(id));
  }

  double thickness(double value) {
    return peak > 0 ? THINNEST + (THICKEST - THINNEST) * Math.sqrt(value / peak) : THINNEST;
  }

  String before(String id) {
    return into(id).stream().findFirst().map(Edge::from).orElse(id);
  }

  String behind(String id) {
    return outOf(id).stream().findFirst().map(Edge::to).orElse(id);
  }

  /** What stands next in the same layer; sign: -1 above, 1 below. */
  String beside(String id, int sign, GraphLayout layout) {
    var here = layout.nodes().get(id);
    if (here == null) return id;
    return layout.nodes().entrySet().stream()
        .filter(each -> each.getValue().getX() == here.getX())
        .filter(each -> (each.getValue().getY() - here.getY()) * sign > 0)
        .min(
            Comparator.comparingDouble(
                (Map.Entry<String, Point2D> each) -> each.getValue().getY() * sign))
        .map(Map.Entry::getKey)
        .orElse(id);
  }

  String sentence(String id) {
    return node(id)
        .map(
            node ->
                "%s: %s; edges: %d into it, %d out of it"
                    .formatted(
                        node.title(), amount(node.value()), into(id).size(), outOf(id).size()))
        .orElse("");
  }

  String edgeSentence(Edge edge) {
    var ends = title(edge.from()) + " → " + title(edge.to());
    var words = ends + ": " + amount(edge.value());
    return edge.title().isEmpty() ? words : words + ", " + edge.title();
  }

  private String title(String id) {
    return node(id).map(Node::title).orElse("");
  }

  NodeWords words(Node node) {
    var figures = new ArrayList<Tip.Figure>();
    figures.add(figure(data.valueTitle(), node.value()));
    into(node.id()).stream()
        .limit(MOST_TOLD)
        .forEach(edge -> figures.add(figure("← " + title(edge.from()), edge.value())));
    outOf(node.id()).stream()
        .limit(MOST_TOLD)
        .forEach(edge -> figures.add(figure("→ " + title(edge.to()), edge.value())));
    var place =
        Stream.of(Format.source(node.path(), node.line()), node.text())
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(" · "));
    return new NodeWords(node.title(), place, figures);
  }

  private Tip.Figure figure(String title, double value) {
    return new Tip.Figure(title, amount(value), Format.exactly(value, data.unit()));
  }

  /** Nodes and edges as a table each, one below the other. */
  String csv() {
    var nodes = new ArrayList<List<String>>();
    nodes.add(List.of("id", "title", "text", "value", "kind", "path", "line"));
    for (var node : data.nodes()) {
      nodes.add(
          List.of(
              node.id(),
              node.title(),
              node.text(),
              Format.plain(node.value()),
              node.kind(),
              node.path(),
              Integer.toString(node.line())));
    }
    var edges = new ArrayList<List<String>>();
    edges.add(List.of("from", "to", "value", "title"));
    for (var edge : data.edges()) {
      edges.add(List.of(edge.from(), edge.to(), Format.plain(edge.value()), edge.title()));
    }
    return Csv.of(nodes) + "\n" + Csv.of(edges);
  }
}
