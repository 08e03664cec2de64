package org.heapatlas.eclipse.ui.widgets;

import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;

/**
 * The colours and fonts that every widget uses. The workbench makes one of its own colours; the
 * four that are here are those of the stored pictures.
 *
 * @param contrast colours alone tell nothing: outlines stand around what is filled
 * @param family of the words, mono of code and addresses
 */
public record Theme(
    Color ground,
    Color panel,
    Color text,
    Color muted,
    Color border,
    Color hover,
    Color accent,
    Color link,
    Color error,
    Color warning,
    Color input,
    Color floating,
    boolean contrast,
    String family,
    String mono) {
  private static final String SANS = "DejaVu Sans";
  private static final String MONO = "DejaVu Sans Mono";
  private static final double DARK_BELOW = 0.25;

  public static final Theme LIGHT =
      of(
          "#ffffff #f8f8f8 #3b3b3b #3b3b3b #e5e5e5 #f2f2f2 #005fb8 #005fb8 #f85149 #bf8803 #ffffff"
              + " #f8f8f8",
          false);
  public static final Theme DARK =
      of(
          "#1f1f1f #181818 #cccccc #9d9d9d #2b2b2b #2a2d2e #0078d4 #4daafc #f85149 #cca700 #313131"
              + " #202020",
          false);
  public static final Theme CONTRAST_DARK =
      of(
          "#000000 #000000 #ffffff #b2b2b2 #6fc3df #191919 #f38518 #21a6ff #f48771 #ffd370 #000000"
              + " #0c141f",
          true);
  public static final Theme CONTRAST_LIGHT =
      of(
          "#ffffff #ffffff #292929 #696969 #0f4a85 #e7edf3 #006bbd #0f4a85 #b5200d #895503 #ffffff"
              + " #ffffff",
          true);

  private static Theme of(String colours, boolean contrast) {
    var c = java.util.Arrays.stream(colours.split(" ")).map(Color::web).toArray(Color[]::new);
    return new Theme(
        c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11], contrast, SANS,
        MONO);
  }

  /** Whether the widgets stand on a dark ground. */
  public boolean dark() {
    return Palette.luminance(ground) < DARK_BELOW;
  }

  /** Behind what is chosen. */
  public Color accentSoft() {
    return Palette.blend(accent, ground, 0.25);
  }

  /** The warning's colour is for marks; as text it is too light on a light ground. */
  public Color warningText() {
    return Palette.blend(warning, text, 0.6);
  }

  public Color emptyTile() {
    return Palette.blend(text, ground, 0.08);
  }

  public Color categorical(int index) {
    return Palette.categorical(index, dark());
  }

  public Font font(double size) {
    return Font.font(family, size);
  }

  public Font bold(double size) {
    return Font.font(family, FontWeight.BOLD, size);
  }

  public Font monospaced(double size) {
    return Font.font(mono, size);
  }

  public Font monospacedBold(double size) {
    return Font.font(mono, FontWeight.BOLD, size);
  }

  /** The colours that the style sheet looks up, for the root of what is styled. */
  public String style() {
    return ("-ha-ground: %s; -ha-panel: %s; -ha-text: %s; -ha-muted: %s; -ha-border: %s; -ha-hover:"
            + " %s; -ha-accent: %s; -ha-accent-soft: %s; -ha-link: %s; -ha-error: %s;"
            + " -ha-warning: %s; -ha-input: %s; -ha-float: %s; -ha-rule: %s; -ha-bar: %s;"
            + " -fx-font-family: \"%s\";")
        .formatted(
            Palette.css(ground),
            Palette.css(panel),
            Palette.css(text),
            Palette.css(muted),
            Palette.css(border),
            Palette.css(hover),
            Palette.css(accent),
            Palette.css(accentSoft()),
            Palette.css(link),
            Palette.css(error),
            Palette.css(warningText()),
            Palette.css(input),
            Palette.css(floating),
            Palette.css(Palette.withAlpha(border, 0.55)),
            Palette.css(Palette.withAlpha(accent, 0.24)),
            family);
  }
}
