package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import javafx.scene.paint.CycleMethod;
import javafx.scene.paint.LinearGradient;
import javafx.scene.paint.Stop;
import javafx.scene.shape.Rectangle;
import org.heapatlas.eclipse.view.Format;

/** The legend of heat map and scene: the ramp, ticks with units, and what an empty tile means. */
final class LegendBar {
  /**
   * @param at where on the ramp, 0 to 1
   */
  record Tick(double at, String text) {}

  /** Of two ticks, and of a tick and an end, whose text stands on one side of its place alone. */
  private static final double BETWEEN = 0.2;

  private static final double FROM_END = 0.32;
  private static final double RAMP_HEIGHT = 10;
  private static final double HEIGHT = 28;
  private static final double NARROW = 190;

  private LegendBar() {}

  /** The ends and round values between them, far enough from each other to be read. */
  static List<Tick> ticks(ColourScale scale) {
    if (!(scale.max() > 0)) return List.of();
    if (!(scale.max() > scale.min())) return List.of(new Tick(0.5, text(scale, scale.max())));
    int base = Format.baseOf(scale.unit());
    var between =
        scale.log()
            ? AxisTicks.log(scale.min(), scale.max(), 4, base)
            : AxisTicks.linear(scale.min(), scale.max(), 4, base);
    var ticks = new ArrayList<>(List.of(new Tick(0, text(scale, scale.min()))));
    for (double value : between) {
      double at = scale.level(value);
      boolean near = at < FROM_END || at > 1 - FROM_END || at - ticks.getLast().at < BETWEEN;
      if (!Double.isNaN(at) && !near) ticks.add(new Tick(at, text(scale, value)));
    }
    ticks.add(new Tick(1, text(scale, scale.max())));
    return ticks;
  }

  private static String text(ColourScale scale, double value) {
    return Format.quantity(value, scale.unit());
  }

  static LinearGradient gradient(boolean dark) {
    var ramp = Palette.sequential(dark);
    var stops =
        IntStream.rangeClosed(0, 16)
            .mapToObj(i -> new Stop(i / 16.0, ramp.get(Math.round(i / 16f * (ramp.size() - 1)))))
            .toList();
    return new LinearGradient(0, 0, 1, 0, true, CycleMethod.NO_CYCLE, stops);
  }

  /**
   * @param per what a value is of
   * @param unmapped whether a tile of the map is no part of any mapping
   */
  static HBox of(ColourScale scale, String per, Theme theme, boolean unmapped, Runnable onSwitch) {
    var box = new HBox(6);
    box.setAlignment(Pos.CENTER_LEFT);
    box.setMinWidth(230);
    box.setMaxWidth(520);
    var ticks = ticks(scale);
    if (ticks.isEmpty()) return box;
    var kind = scale.log() ? "logarithmic" : "linear";
    var button =
        Parts.tool(
            "per " + per + ", " + (scale.log() ? "log" : "linear"),
            "The scale is " + kind + "; switch it",
            onSwitch);
    button.getStyleClass().add("tiny");
    var swatches = new VBox(Parts.key(theme.emptyTile(), "none"));
    if (unmapped) swatches.getChildren().add(Parts.key(Color.TRANSPARENT, "not mapped"));
    swatches.setAlignment(Pos.CENTER_LEFT);
    swatches.setMinWidth(javafx.scene.layout.Region.USE_PREF_SIZE);
    var ramp = new Ramp(ticks, theme.dark());
    HBox.setHgrow(ramp, javafx.scene.layout.Priority.ALWAYS);
    box.getChildren().addAll(button, ramp, swatches);
    box.setAccessibleText(
        "Colour: %s, from %s to %s per %s, %s scale"
            .formatted(scale.label(), ticks.getFirst().text, ticks.getLast().text, per, kind));
    return box;
  }

  private static final class Ramp extends Pane {
    private final List<Tick> ticks;
    private final Rectangle bar = new Rectangle();
    private final List<Label> labels;

    Ramp(List<Tick> ticks, boolean dark) {
      this.ticks = ticks;
      bar.setFill(gradient(dark));
      bar.setArcWidth(4);
      bar.setArcHeight(4);
      labels = ticks.stream().map(tick -> Parts.label(tick.text, "muted", "tiny")).toList();
      getChildren().add(bar);
      getChildren().addAll(labels);
      setMinWidth(110);
      setPrefSize(280, HEIGHT);
      setMaxWidth(280);
    }

    @Override
    protected void layoutChildren() {
      double width = getWidth();
      bar.setWidth(width);
      bar.setHeight(RAMP_HEIGHT);
      bar.setY(1);
      for (int i = 0; i < ticks.size(); i++) {
        var label = labels.get(i);
        boolean first = i == 0;
        boolean last = i == ticks.size() - 1;
        label.setVisible(first || last || width > NARROW);
        double wide = label.prefWidth(-1);
        double at = ticks.get(i).at * width;
        double x = ticks.size() == 1 ? at - wide / 2 : first ? 0 : last ? at - wide : at - wide / 2;
        label.resizeRelocate(x, 12, wide, label.prefHeight(-1));
      }
    }
  }
}
