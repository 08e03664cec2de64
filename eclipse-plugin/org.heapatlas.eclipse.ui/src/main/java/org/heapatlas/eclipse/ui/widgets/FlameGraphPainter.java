package org.heapatlas.eclipse.ui.widgets;

import java.util.BitSet;
import java.util.List;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;

/**
 * Paints the rows of a flame graph that are in sight. A node is at least as wide as it can be seen,
 * and names stand only where there is room for some letters.
 */
final class FlameGraphPainter {
  static final double ROW = 20;

  /** Narrower nodes are not drawn: in their row they are less than half a pixel. */
  private static final double LEAST_WIDTH = 0.5;

  private static final double LEAST_NAMED_WIDTH = 26;
  private static final double PADDING = 4;
  private static final double DIMMED = 0.25;
  private static final double FONT = 11;

  /**
   * @param fills of each function
   * @param marked what a search found, or null
   * @param cursor a node, or -1; so is hover
   */
  record Scene(
      FlameModel model,
      List<Color> fills,
      Color foldedFill,
      BitSet marked,
      int cursor,
      int hover,
      Theme theme) {}

  private final GraphicsContext context;
  private final Scene scene;
  private final double width;
  private final double scale;
  private final double letter;

  FlameGraphPainter(GraphicsContext context, Scene scene, double width) {
    this.context = context;
    this.scene = scene;
    this.width = width;
    scale = scene.model.width() > 0 ? width / scene.model.width() : 0;
    var font = scene.theme.monospaced(FONT);
    letter = TextFit.width("0", font);
    context.setFont(font);
    context.setTextBaseline(VPos.CENTER);
    context.setTextAlign(TextAlignment.LEFT);
  }

  void paint(double top, double height) {
    var rows = scene.model.rows();
    int first = Math.max(0, (int) (top / ROW));
    int last = Math.min(rows.size() - 1, (int) ((top + height) / ROW));
    for (int depth = first; depth <= last; depth++) rows.get(depth).forEach(this::paintNode);
    if (scene.hover >= 0) outline(scene.hover, 1);
    if (scene.cursor >= 0) outline(scene.cursor, 2);
  }

  private double wide(int node) {
    return scale == 0 ? width : scene.model.total(node) * scale;
  }

  private void paintNode(int node) {
    var model = scene.model;
    double wide = wide(node);
    if (wide < LEAST_WIDTH) return;
    double x = model.start(node) * scale;
    double y = model.depth(node) * ROW;
    boolean dimmed = scene.marked != null && !scene.marked.get(node);
    // A pixel of ground stands between two nodes where there is room for it.
    double drawn = wide > 3 ? wide - 1 : Math.max(1, wide);
    context.setGlobalAlpha(dimmed ? DIMMED : 1);
    context.setFill(
        model.folded(node) > 0
            ? scene.foldedFill
            : scene.fills.get((int) model.data().functionOf().get(node)));
    context.fillRect(x, y, drawn, ROW - 1);
    if (scene.theme.contrast()) {
      context.setStroke(scene.theme.border());
      context.setLineWidth(1);
      context.strokeRect(x + 0.5, y + 0.5, Math.max(0, drawn - 1), ROW - 2);
    }
    context.setGlobalAlpha(dimmed ? 2 * DIMMED : 1);
    if (wide >= LEAST_NAMED_WIDTH) {
      context.setFill(scene.theme.text());
      context.fillText(fitted(model.name(node), wide), x + PADDING, y + ROW / 2);
    }
    context.setGlobalAlpha(1);
  }

  /** Letters are of one width: a name is cut by counting. */
  private String fitted(String name, double wide) {
    int room = (int) ((wide - 2 * PADDING) / letter);
    return name.length() <= room ? name : name.substring(0, Math.max(0, room - 1)) + "…";
  }

  private void outline(int node, double line) {
    double inset = line / 2;
    context.setStroke(scene.theme.text());
    context.setLineWidth(line);
    context.strokeRect(
        scene.model.start(node) * scale + inset,
        scene.model.depth(node) * ROW + inset,
        Math.max(1, Math.max(2, wide(node) - 1) - line),
        ROW - 1 - line);
  }
}
