package org.heapatlas.eclipse.view;

import java.util.HashSet;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Nodes and directed edges, laid out in layers from left to right. An edge may lead from a node to
 * itself.
 *
 * @param rest what is left out, in words
 */
public record Graph(List<Node> nodes, List<Edge> edges, String valueTitle, String unit, String rest)
    implements WidgetData {
  /** More than can be told apart, and more than can be laid out while someone waits. */
  private static final int MAX_NODES = 500;

  private static final int MAX_EDGES = 4000;

  /**
   * @param text a second line
   * @param kind nodes of one kind have one colour; without a kind a node has none
   */
  public record Node(
      String id, String title, String text, double value, String kind, String path, int line) {}

  /**
   * @param title what is to be said of it beside its value; such an edge is dashed
   */
  public record Edge(String from, String to, double value, String title) {}

  static Graph read(Json data) {
    var graph =
        new Graph(
            data.list("nodes", Graph::readNode),
            data.list(
                "edges",
                e ->
                    new Edge(
                        e.string("from"), e.string("to"), e.number("value"), e.string("title"))),
            data.string("valueTitle"),
            data.string("unit"),
            data.string("rest"));
    graph.check(data);
    return graph;
  }

  private static Node readNode(Json n) {
    return new Node(
        n.string("id"),
        n.string("title"),
        n.string("text"),
        n.number("value"),
        n.string("kind"),
        n.string("path"),
        n.integer("line"));
  }

  private void check(Json data) {
    if (nodes.size() > MAX_NODES) {
      throw data.unfit("nodes", "at most " + MAX_NODES + " nodes", nodes.size());
    }
    if (edges.size() > MAX_EDGES) {
      throw data.unfit("edges", "at most " + MAX_EDGES + " edges", edges.size());
    }
    var ids = new HashSet<String>();
    for (var node : nodes) {
      if (!ids.add(node.id)) throw data.unfit("nodes", "a different id a node", node.id);
    }
    for (var edge : edges) {
      if (!ids.contains(edge.from)) throw data.unfit("edges", "the id of a node", edge.from);
      if (!ids.contains(edge.to)) throw data.unfit("edges", "the id of a node", edge.to);
    }
    var values =
        DoubleStream.concat(
            nodes.stream().mapToDouble(Node::value), edges.stream().mapToDouble(Edge::value));
    if (values.anyMatch(value -> !(value >= 0 && Double.isFinite(value)))) {
      throw data.unfit("value", "an amount of at least 0", "another");
    }
  }
}
