package org.heapatlas.eclipse.ui.widgets;

import java.util.List;
import java.util.stream.IntStream;
import javafx.scene.paint.Color;
import org.heapatlas.eclipse.view.Timeline.Severity;

/**
 * Colours that people with any colour vision can tell apart, the same as the browser's. Lightness
 * rises evenly, so the order survives in grey too.
 */
public final class Palette {
  public static final int RAMP_STEPS = 256;

  /** As many kinds as colours can tell apart; the rest is of one without a hue. */
  public static final int MOST_COLOURS = 6;

  /** Blue-violet over teal to yellow: the anchors of the heat ramp, from low to high. */
  private static final List<Color> ANCHORS =
      List.of(
          Color.rgb(58, 27, 102),
          Color.rgb(53, 82, 139),
          Color.rgb(31, 140, 140),
          Color.rgb(90, 196, 100),
          Color.rgb(253, 231, 55));

  /**
   * Okabe and Ito's colours, ordered so that the first ones differ most; yellow and black have no
   * contrast.
   */
  private static final List<Color> ON_LIGHT =
      colours("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9");

  private static final List<Color> ON_DARK =
      colours("#56b4e9", "#e69f00", "#2fc99a", "#e39ac4", "#f0775a", "#f0e442");

  private static final List<Color> RAMP =
      IntStream.range(0, RAMP_STEPS).mapToObj(Palette::ramp).toList();

  private record Lab(double lightness, double a, double b) {}

  private Palette() {}

  /**
   * From little to much: much is bright on a dark ground and dark on a light one, so that little
   * always recedes.
   */
  public static List<Color> sequential(boolean dark) {
    return dark ? RAMP : RAMP.reversed();
  }

  public static Color categorical(int index, boolean dark) {
    var colours = dark ? ON_DARK : ON_LIGHT;
    return colours.get(index % colours.size());
  }

  /**
   * Apart in lightness, or in blue, which is what the colour-blind are left with; a shape says the
   * same.
   */
  public static Color severity(Severity severity, boolean dark) {
    return Color.web(
        switch (severity) {
          case ERROR -> dark ? "#ff7b5a" : "#a32600";
          case WARNING -> dark ? "#f0e442" : "#cf7c00";
          case INFORMATION -> dark ? "#56b4e9" : "#0072b2";
        });
  }

  /** {@code share} of one colour laid over another. */
  public static Color blend(Color over, Color under, double share) {
    return Color.rgb(
        part(over.getRed(), under.getRed(), share),
        part(over.getGreen(), under.getGreen(), share),
        part(over.getBlue(), under.getBlue(), share));
  }

  public static Color withAlpha(Color colour, double alpha) {
    return Color.color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
  }

  public static int argb(Color colour) {
    return (channel(colour.getOpacity()) << 24)
        | (channel(colour.getRed()) << 16)
        | (channel(colour.getGreen()) << 8)
        | channel(colour.getBlue());
  }

  public static String css(Color colour) {
    return "#%02x%02x%02x%02x"
        .formatted(
            channel(colour.getRed()),
            channel(colour.getGreen()),
            channel(colour.getBlue()),
            channel(colour.getOpacity()));
  }

  public static double luminance(Color colour) {
    return 0.2126 * toLinear(colour.getRed())
        + 0.7152 * toLinear(colour.getGreen())
        + 0.0722 * toLinear(colour.getBlue());
  }

  private static List<Color> colours(String... hex) {
    return List.of(hex).stream().map(Color::web).toList();
  }

  private static int part(double over, double under, double share) {
    return channel(over * share + under * (1 - share));
  }

  private static int channel(double share) {
    return (int) Math.round(share * 255);
  }

  private static Color ramp(int step) {
    double t = step / (double) (RAMP_STEPS - 1);
    var labs = ANCHORS.stream().map(Palette::toOklab).toList();
    double position = t * (labs.size() - 1);
    int below = Math.min((int) position, labs.size() - 2);
    var low = labs.get(below);
    var high = labs.get(below + 1);
    double share = position - below;
    // Hue from the neighbours, lightness from the ends: equal steps of value are equal steps of
    // lightness.
    double lightness =
        labs.getFirst().lightness + (labs.getLast().lightness - labs.getFirst().lightness) * t;
    return fromOklab(
        new Lab(lightness, low.a + (high.a - low.a) * share, low.b + (high.b - low.b) * share));
  }

  private static double toLinear(double c) {
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }

  private static int fromLinear(double linear) {
    double c = linear <= 0.0031308 ? linear * 12.92 : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
    return channel(Math.clamp(c, 0, 1));
  }

  private static Lab toOklab(Color colour) {
    double r = toLinear(colour.getRed());
    double g = toLinear(colour.getGreen());
    double b = toLinear(colour.getBlue());
    double l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return new Lab(
        0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s);
  }

  private static Color fromOklab(Lab lab) {
    double l = Math.pow(lab.lightness + 0.3963377774 * lab.a + 0.2158037573 * lab.b, 3);
    double m = Math.pow(lab.lightness - 0.1055613458 * lab.a - 0.0638541728 * lab.b, 3);
    double s = Math.pow(lab.lightness - 0.0894841775 * lab.a - 1.291485548 * lab.b, 3);
    return Color.rgb(
        fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
        fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
        fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s));
  }
}
