package org.heapatlas.eclipse.ui.widgets;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Point2D;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.shape.StrokeLineCap;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;
import org.heapatlas.eclipse.view.Graph.Edge;
import org.heapatlas.eclipse.view.Graph.Node;

/**
 * Paints a graph's nodes and edges, in the coordinates of the whole picture; edges first, so that
 * nodes lie on them.
 */
final class GraphPainter {
  private static final double STRIPE = 5;
  private static final double PADDING = 12;
  private static final double ARROW = 5;
  private static final double WIDTH = GraphLayout.NODE_WIDTH;
  private static final double HEIGHT = GraphLayout.NODE_HEIGHT;

  /** Ids; none is empty. */
  record State(String cursor, String selected, String hover) {}

  private final GraphicsContext context;
  private final GraphModel model;
  private final GraphLayout layout;
  private final Theme theme;
  private final State state;
  private final Font title;
  private final Font small;

  GraphPainter(
      GraphicsContext context, GraphModel model, GraphLayout layout, Theme theme, State state) {
    this.context = context;
    this.model = model;
    this.layout = layout;
    this.theme = theme;
    this.state = state;
    title = theme.font(12);
    small = theme.font(10.5);
  }

  static Color fill(Optional<Integer> colour, Theme theme) {
    return colour.map(theme::categorical).orElse(theme.muted());
  }

  void paint() {
    context.setTextBaseline(VPos.CENTER);
    model.data().edges().forEach(this::paintEdge);
    model.data().edges().forEach(this::paintAmount);
    model.data().nodes().forEach(this::paintNode);
  }

  private void paintEdge(Edge edge) {
    var placed = layout.edges().get(GraphLayout.Key.of(edge));
    if (placed == null) return;
    boolean near = isNear(edge);
    var colour = near ? theme.accent() : theme.muted();
    context.setGlobalAlpha(near ? 0.9 : 0.45);
    context.setStroke(colour);
    context.setLineWidth(model.thickness(edge.value()));
    context.setLineCap(StrokeLineCap.BUTT);
    if (!edge.title().isEmpty()) context.setLineDashes(5, 4);
    trace(placed.points());
    context.setLineDashes();
    context.setGlobalAlpha(near ? 1 : 0.8);
    paintTip(placed.points(), colour);
    context.setGlobalAlpha(1);
  }

  /** A smooth line through the points, from the first to the last. */
  private void trace(List<Point2D> points) {
    var last = points.getLast();
    context.beginPath();
    context.moveTo(points.getFirst().getX(), points.getFirst().getY());
    for (int at = 1; at < points.size() - 1; at++) {
      var bend = points.get(at);
      var end = at == points.size() - 2 ? last : bend.midpoint(points.get(at + 1));
      context.quadraticCurveTo(bend.getX(), bend.getY(), end.getX(), end.getY());
    }
    if (points.size() == 2) context.lineTo(last.getX(), last.getY());
    context.stroke();
  }

  private void paintTip(List<Point2D> points, Color colour) {
    var end = points.getLast();
    var before = points.get(points.size() - 2);
    context.save();
    context.translate(end.getX(), end.getY());
    context.rotate(
        Math.toDegrees(Math.atan2(end.getY() - before.getY(), end.getX() - before.getX())));
    context.setFill(colour);
    context.fillPolygon(
        new double[] {0, -2 * ARROW, -2 * ARROW}, new double[] {0, -ARROW, ARROW}, 3);
    context.restore();
  }

  private boolean isNear(Edge edge) {
    return edge.from().equals(state.cursor) || edge.to().equals(state.cursor);
  }

  /** Above all lines, with the ground around it. */
  private void paintAmount(Edge edge) {
    var placed = layout.edges().get(GraphLayout.Key.of(edge));
    if (placed == null) return;
    var amount = model.amount(edge.value());
    var at = placed.label();
    context.setFont(small);
    context.setTextAlign(TextAlignment.CENTER);
    context.setStroke(theme.ground());
    context.setLineWidth(4);
    context.strokeText(amount, at.getX(), at.getY());
    context.setFill(isNear(edge) ? theme.text() : theme.muted());
    context.fillText(amount, at.getX(), at.getY());
  }

  private void paintNode(Node node) {
    var middle = layout.nodes().get(node.id());
    if (middle == null) return;
    double x = middle.getX() - WIDTH / 2;
    double y = middle.getY() - HEIGHT / 2;
    boolean here = node.id().equals(state.cursor);
    boolean strong = here || node.id().equals(state.hover);
    context.setFill(node.id().equals(state.selected) ? theme.accentSoft() : theme.panel());
    context.fillRoundRect(x, y, WIDTH, HEIGHT, 8, 8);
    context.setStroke(strong ? theme.text() : theme.border());
    context.setLineWidth(here ? 2 : 1);
    context.strokeRoundRect(x, y, WIDTH, HEIGHT, 8, 8);
    context.setFill(fill(model.colourOf(node), theme));
    context.fillRoundRect(x, y, STRIPE, HEIGHT, 4, 4);
    paintWords(node, x, y);
    double share = model.peak() > 0 ? node.value() / model.peak() : 0;
    context.setFill(Palette.withAlpha(theme.muted(), 0.25));
    context.fillRect(x + PADDING, y + HEIGHT - 5, (WIDTH - 2 * PADDING) * share, 2.5);
  }

  private void paintWords(Node node, double x, double y) {
    var again = model.leadsToItself(node.id()) ? " ↻" : "";
    double room = WIDTH - 2 * PADDING - TextFit.width(again, title);
    context.setTextAlign(TextAlignment.LEFT);
    context.setFont(title);
    context.setFill(theme.text());
    context.fillText(TextFit.fit(node.title(), title, room) + again, x + PADDING, y + 13);
    var amount = model.amount(node.value());
    double rest = WIDTH - 2 * PADDING - TextFit.width(amount + " · ", small);
    var text = TextFit.fit(node.text(), small, rest);
    context.setFont(small);
    context.setFill(theme.muted());
    context.fillText(text.isEmpty() ? amount : amount + " · " + text, x + PADDING, y + 28);
  }
}
