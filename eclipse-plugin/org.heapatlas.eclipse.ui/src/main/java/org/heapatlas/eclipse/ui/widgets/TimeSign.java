package org.heapatlas.eclipse.ui.widgets;

import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import org.heapatlas.eclipse.view.Frame.FrameTime;

/** How time goes, so that nobody can mistake it: a word, a shape and a colour. */
final class TimeSign {
  private static final Color VERMILION = Color.web("#d55e00");
  private static final int DIGITS = 6;

  /** STILL: a recording that stands at an instant; OVER: a program that has ended. */
  enum Way {
    LIVE("M6 2a4 4 0 1 1 0 8a4 4 0 1 1 0 -8Z", "solid"),
    FORWARD("M3 1.5 10.5 6 3 10.5Z", "solid"),
    BACKWARD("M6.5 1.5v9L1 6Z M12 1.5v9L6.5 6Z", "dashed"),
    STILL("M2.5 1.5h2.6v9h-2.6Z M6.9 1.5h2.6v9h-2.6Z", "solid"),
    OVER("M2 2h8v8h-8Z", "solid");

    /** In a box of 12 by 12; they differ in outline. */
    private final String shape;

    private final String border;

    Way(String shape, String border) {
      this.shape = shape;
      this.border = border;
    }

    static Way of(FrameTime time) {
      if (!time.replayed()) return time.live() ? LIVE : OVER;
      return time.pace() == 0 ? STILL : time.pace() < 0 ? BACKWARD : FORWARD;
    }

    Node icon() {
      return Parts.shape(shape, "way-icon");
    }

    private Color colour(Theme theme) {
      return switch (this) {
        case LIVE -> TimelineWidget.LIVE;
        case FORWARD -> theme.accent();
        case BACKWARD -> VERMILION;
        case STILL, OVER -> theme.muted();
      };
    }
  }

  private TimeSign() {}

  /** Recorded time over real time: "10×", "0.1×". */
  static String speed(double speed) {
    var text = String.format(Locale.ROOT, "%." + DIGITS + "f", speed);
    return text.replaceFirst("\\.?0+$", "") + "×";
  }

  /** A recording that stands still says too when it came there from later. */
  static String words(FrameTime time) {
    return switch (Way.of(time)) {
      case LIVE -> "Live";
      case FORWARD -> "Plays " + speed(time.pace());
      case BACKWARD -> "Plays backward " + speed(-time.pace());
      case STILL ->
          time.direction().equals("backward") ? "Stands still, went back" : "Stands still";
      case OVER -> "Ended";
    };
  }

  static Node of(FrameTime time, Theme theme) {
    var way = Way.of(time);
    var colour = Palette.css(way.colour(theme));
    var words = Parts.label(words(time), "strong", "small");
    words.setMinWidth(Region.USE_PREF_SIZE);
    var icon = way.icon();
    icon.setStyle("-fx-fill: " + colour + ";");
    var sign = new HBox(5, icon, words);
    sign.setAlignment(Pos.CENTER_LEFT);
    sign.setMinWidth(Region.USE_PREF_SIZE);
    sign.setStyle(
        ("-fx-padding: 1 9 1 7; -fx-border-radius: 12; -fx-border-width: 2; -fx-border-color: %s;"
                + " -fx-border-style: %s;")
            .formatted(colour, way.border));
    return sign;
  }
}
