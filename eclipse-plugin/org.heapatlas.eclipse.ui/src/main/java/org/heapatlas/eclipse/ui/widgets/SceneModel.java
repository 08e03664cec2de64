package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.heapatlas.eclipse.view.Csv;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Frame.Legend;
import org.heapatlas.eclipse.view.Scene;
import org.heapatlas.eclipse.view.Scene.Axis;
import org.heapatlas.eclipse.view.Scene.Plate;

/**
 * What a scene shows, apart from where: its scale, the words of a box, the rows of its table, the
 * CSV. Pure.
 */
public final class SceneModel {
  record Row(int box, String target, String label, String amount, String value) {}

  private final Scene data;
  private final ColourScale scale;
  private final Axis upwards;

  /**
   * @param chosenLog the scale that the user switched to, or null: the frame's own
   */
  public SceneModel(Scene data, Legend legend, Boolean chosenLog) {
    this.data = data;
    var metric =
        data.metrics().stream().filter(m -> m.id().equals(data.metric())).findFirst().orElse(null);
    boolean own = legend != null && legend.max() > 0;
    boolean log = chosenLog != null ? chosenLog : legend != null && legend.log();
    scale = ColourScale.of(metric, legend, own, data.boxes().value(), log);
    upwards =
        data.axes().stream()
            .filter(axis -> axis.id().equals("y"))
            .findFirst()
            .orElse(new Axis("y", "Height", "", 0));
  }

  Scene data() {
    return data;
  }

  ColourScale scale() {
    return scale;
  }

  /** What heights mean. */
  Axis upwards() {
    return upwards;
  }

  int count() {
    return data.count();
  }

  /** The ramp's step of each box; -1 where the metric has no value. */
  int step(int box) {
    double share = scale.level(data.boxes().value().get(box));
    return Double.isNaN(share) ? -1 : (int) Math.round(share * (Palette.RAMP_STEPS - 1));
  }

  private Optional<Plate> plateOf(int box) {
    double left = data.boxes().x().get(box);
    double back = data.boxes().z().get(box);
    return data.plates().stream().filter(plate -> plate.holds(left, back)).findFirst();
  }

  private String labelOf(int box) {
    return plateOf(box).map(Plate::label).orElse("");
  }

  Optional<HeatMapModel.Words> describe(int box) {
    if (box < 0 || box >= count()) return Optional.empty();
    var figures = new ArrayList<Tip.Figure>();
    figures.add(figure(upwards.title(), data.boxes().amount().get(box), upwards.unit()));
    if (isColouredByAnother()) {
      figures.add(figure(scale.label(), data.boxes().value().get(box), scale.unit()));
    }
    return Optional.of(
        new HeatMapModel.Words(
            labelOf(box),
            data.boxes().targets().get(box),
            plateOf(box).map(Plate::text).orElse(""),
            figures,
            List.of()));
  }

  private static Tip.Figure figure(String title, double value, String unit) {
    return new Tip.Figure(title, Format.quantity(value, unit), Format.exactly(value, unit));
  }

  /** Heights and colours that say the same are said once. */
  boolean isColouredByAnother() {
    return !data.boxes().amount().equals(data.boxes().value());
  }

  /** The highest first. */
  List<Row> rows(int most) {
    return IntStream.range(0, count())
        .boxed()
        .sorted(Comparator.comparingDouble(box -> -data.boxes().amount().get(box)))
        .limit(most)
        .map(
            box ->
                new Row(
                    box,
                    data.boxes().targets().get(box),
                    labelOf(box),
                    Format.quantity(data.boxes().amount().get(box), upwards.unit()),
                    Format.quantity(data.boxes().value().get(box), scale.unit())))
        .toList();
  }

  String csv() {
    var lines = new ArrayList<List<String>>();
    lines.add(
        List.of(
            "place",
            "target",
            head(upwards.title(), upwards.unit()),
            head(scale.label(), scale.unit())));
    for (int box = 0; box < count(); box++) {
      lines.add(
          List.of(
              labelOf(box),
              data.boxes().targets().get(box),
              Format.plain(data.boxes().amount().get(box)),
              Format.plain(data.boxes().value().get(box))));
    }
    return Csv.of(lines);
  }

  private static String head(String title, String unit) {
    return unit.isEmpty() ? title : title + " (" + unit + ")";
  }
}
