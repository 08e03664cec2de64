package org.heapatlas.eclipse.ui.widgets;

import java.util.List;
import java.util.Map;
import javafx.geometry.Point2D;
import org.heapatlas.eclipse.view.Graph;
import org.heapatlas.eclipse.view.Graph.Edge;

/**
 * Where the nodes and edges of a graph stand, in pixels of the whole picture. It depends on which
 * nodes and edges there are, not on their order or values, so that nothing jumps while figures
 * change.
 *
 * @param nodes the middle of each node, by its id
 * @param edges none of an edge from a node to itself
 */
public record GraphLayout(
    double width, double height, Map<String, Point2D> nodes, Map<Key, Placed> edges) {
  public static final double NODE_WIDTH = 176;
  public static final double NODE_HEIGHT = 42;

  public record Key(String from, String to) implements Comparable<Key> {
    public static Key of(Edge edge) {
      return new Key(edge.from(), edge.to());
    }

    @Override
    public int compareTo(Key other) {
      int first = from.compareTo(other.from);
      return first != 0 ? first : to.compareTo(other.to);
    }
  }

  /**
   * @param points from the side of one node to that of the other; the line bends at those between
   */
  public record Placed(List<Point2D> points, Point2D label) {}

  /** Which nodes and edges there are: the same for graphs that are laid out alike. */
  public record Shape(List<String> nodes, List<Key> edges) {
    public static Shape of(Graph graph) {
      return new Shape(
          graph.nodes().stream().map(Graph.Node::id).sorted().toList(),
          graph.edges().stream().map(Key::of).distinct().sorted().toList());
    }
  }

  public static GraphLayout of(Shape shape) {
    return new LayeredLayout(shape).layOut();
  }
}
