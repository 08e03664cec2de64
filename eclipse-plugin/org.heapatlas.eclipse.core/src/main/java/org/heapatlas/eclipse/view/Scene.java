package org.heapatlas.eclipse.view;

import java.util.List;

/** Boxes on plates: x to the right, y up, z towards the reader. The boxes' values are of metric. */
public record Scene(
    List<Plate> plates,
    Boxes boxes,
    List<Axis> axes,
    Home home,
    List<Metric> metrics,
    String metric)
    implements WidgetData {
  /** More than can be told apart. */
  private static final int MAX_BOXES = 1 << 16;

  private static final Boxes NO_BOXES =
      new Boxes(
          0, 0, Numbers.NONE, Numbers.NONE, Numbers.NONE, Numbers.NONE, Numbers.NONE, List.of());

  /** What boxes stand on, at y = 0. */
  public record Plate(
      double x, double z, double width, double depth, String label, String text, String target) {
    public boolean holds(double left, double back) {
      return x <= left && left < x + width && z <= back && back < z + depth;
    }
  }

  /**
   * All of one width and depth; the rest are columns of one length. x and z are of the corner where
   * both are least.
   *
   * @param amount what the height stands for, exactly, in the unit of the axis y
   */
  public record Boxes(
      double width,
      double depth,
      Numbers x,
      Numbers z,
      Numbers height,
      Numbers amount,
      Numbers value,
      List<String> targets) {}

  /**
   * @param scale how much of the unit a unit of length is; 0 where lengths mean nothing
   */
  public record Axis(String id, String title, String unit, double scale) {}

  /**
   * From where one looks at first, in degrees: azimuth from z towards x, elevation above the
   * ground.
   */
  public record Home(double azimuth, double elevation) {}

  static Scene read(Json data) {
    return new Scene(
        data.list("plates", Scene::readPlate),
        data.object("boxes").map(Scene::readBoxes).orElse(NO_BOXES),
        data.list(
            "axes",
            a -> new Axis(a.string("id"), a.string("title"), a.string("unit"), a.number("scale"))),
        data.object("home")
            .map(home -> new Home(home.number("azimuth"), home.number("elevation")))
            .orElse(new Home(0, 0)),
        data.list("metrics", Metric::read),
        data.string("metric"));
  }

  private static Plate readPlate(Json plate) {
    return new Plate(
        plate.number("x"),
        plate.number("z"),
        plate.number("width"),
        plate.number("depth"),
        plate.string("label"),
        plate.string("text"),
        plate.string("target"));
  }

  private static Boxes readBoxes(Json json) {
    var boxes =
        new Boxes(
            json.number("width"),
            json.number("depth"),
            column(json, "x"),
            column(json, "z"),
            column(json, "height"),
            column(json, "amount"),
            column(json, "value"),
            json.strings("targets"));
    if (boxes.targets.size() > MAX_BOXES) {
      throw json.unfit("targets", "at most " + MAX_BOXES + " boxes", boxes.targets.size());
    }
    return boxes;
  }

  private static Numbers column(Json json, String key) {
    var numbers = json.numbers(key);
    int count = json.strings("targets").size();
    if (numbers.size() != count) {
      throw json.unfit(key, "a number for each of " + count + " targets", numbers.size());
    }
    return numbers;
  }

  public int count() {
    return boxes.targets.size();
  }
}
