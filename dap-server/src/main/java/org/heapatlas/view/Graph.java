package org.heapatlas.view;

import java.util.List;

/**
 * Nodes and directed edges, to be laid out in layers from left to right. {@code valueTitle} and
 * {@code unit} are of the values of both; {@code rest} says in words what is left out, or is empty.
 */
public record Graph(List<Node> nodes, List<Edge> edges, String valueTitle, String unit, String rest)
    implements WidgetData {

  /** {@code text} is a second line; nodes of one {@code kind} have one colour. */
  public record Node(
      String id, String title, String text, double value, String kind, String path, int line) {}

  /** {@code title}: what is to be said of it beside its value, or empty. */
  public record Edge(String from, String to, double value, String title) {}
}
