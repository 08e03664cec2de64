package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javafx.geometry.Point3D;
import javafx.geometry.Rectangle2D;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.text.TextAlignment;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Scene.Plate;

/**
 * What stands over a scene at places that move with the camera: plates' names, the heights' scale,
 * the marked box.
 */
final class SceneOverlay {
  private record Label(String text, Point3D at, boolean isTick) {}

  private static final int MOST_LETTERS = 26;
  private static final int TICKS = 3;

  /** How far from its plate a label stands. */
  private static final double BESIDE = 0.6;

  private static final double FONT = 11;
  private static final double LINE = 15;
  private static final int[][] EDGES = {
    {0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 4}, {1, 5}, {2, 6}, {3, 7}
  };
  private static final Map<String, String> AXES =
      Map.of("x", "left to right", "y", "height", "z", "depth");

  private SceneOverlay() {}

  static void paint(
      GraphicsContext context,
      SceneModel model,
      SceneCamera camera,
      int marked,
      Theme theme,
      double width,
      double height) {
    if (marked >= 0) paintMark(context, model, camera, marked, theme, width, height);
    var font = theme.font(FONT);
    context.setFont(font);
    context.setTextBaseline(VPos.CENTER);
    context.setTextAlign(TextAlignment.LEFT);
    context.setFill(theme.muted());
    context.fillText(axesWords(model), 4, LINE / 2);
    var taken = new ArrayList<Rectangle2D>();
    for (var label : labels(model)) {
      var at = camera.place(label.at, width, height);
      double wide = TextFit.width(label.text, font) + 6;
      double left = at.getX() - (label.isTick ? wide : wide / 2);
      double top = at.getY() - (label.isTick ? LINE / 2 : 0);
      if (left < 0 || top < 0 || left + wide > width || top + LINE > height) continue;
      var box = new Rectangle2D(left, top, wide, LINE);
      // Where two labels would lie on each other, the first one stays.
      if (taken.stream().anyMatch(box::intersects)) continue;
      taken.add(box);
      context.setFill(Palette.withAlpha(theme.ground(), 0.78));
      context.fillRoundRect(left, top, wide, LINE, 6, 6);
      context.setFill(label.isTick ? theme.muted() : theme.text());
      context.fillText(label.text, left + 3, top + LINE / 2);
    }
  }

  private static String axesWords(SceneModel model) {
    return model.data().axes().stream()
        .map(axis -> AXES.getOrDefault(axis.id(), axis.id()) + ": " + axis.title())
        .collect(Collectors.joining("; "));
  }

  /** Large plates first. */
  private static List<Label> labels(SceneModel model) {
    var labels = new ArrayList<Label>();
    var upwards = model.upwards();
    if (upwards.scale() > 0) {
      var bounds = SceneCamera.Bounds.of(model.data());
      double most = bounds.to().getY() * upwards.scale();
      for (double tick : AxisTicks.linear(0, most, TICKS, Format.baseOf(upwards.unit()))) {
        if (tick <= 0) continue;
        var at =
            new Point3D(
                bounds.from().getX() - BESIDE, tick / upwards.scale(), bounds.from().getZ());
        labels.add(new Label(Format.quantity(tick, upwards.unit()), at, true));
      }
    }
    model.data().plates().stream()
        .sorted(Comparator.comparingDouble((Plate plate) -> -plate.width() * plate.depth()))
        .map(
            plate ->
                new Label(
                    shortened(plate.label()),
                    new Point3D(
                        plate.x() + plate.width() / 2, 0, plate.z() + plate.depth() + BESIDE),
                    false))
        .forEach(labels::add);
    return labels;
  }

  /** The file's name of a path; its end where that is too long as well. */
  private static String shortened(String label) {
    var name = label.startsWith("/") ? Format.source(label, 0) : label;
    return name.length() <= MOST_LETTERS
        ? name
        : "…" + name.substring(name.length() - MOST_LETTERS + 1);
  }

  private static void paintMark(
      GraphicsContext context,
      SceneModel model,
      SceneCamera camera,
      int box,
      Theme theme,
      double width,
      double height) {
    var boxes = model.data().boxes();
    context.setStroke(theme.text());
    context.setLineWidth(1.5);
    var corners = new javafx.geometry.Point2D[8];
    for (int corner = 0; corner < 8; corner++) {
      corners[corner] =
          camera.place(
              new Point3D(
                  boxes.x().get(box) + ((corner & 1) != 0 ? boxes.width() : 0),
                  (corner & 2) != 0 ? boxes.height().get(box) : 0,
                  boxes.z().get(box) + ((corner & 4) != 0 ? boxes.depth() : 0)),
              width,
              height);
    }
    for (var edge : EDGES) {
      var from = corners[edge[0]];
      var to = corners[edge[1]];
      context.strokeLine(from.getX(), from.getY(), to.getX(), to.getY());
    }
  }
}
