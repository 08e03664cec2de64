package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.canvas.Canvas;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.util.StringConverter;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Timeline;
import org.heapatlas.eclipse.view.Timeline.Severity;

/**
 * What stands above the timeline's lanes: how time goes, what moves and plays a recording, and the
 * two instants that are compared. What there is, is what the frame's actions say.
 */
final class TimelineBar {
  private final WidgetHost host;
  private final Frame frame;
  private final Timeline data;
  private final Theme theme;

  private TimelineBar(WidgetHost host, Frame frame, Timeline data, Theme theme) {
    this.host = host;
    this.frame = frame;
    this.data = data;
    this.theme = theme;
  }

  /**
   * @param place where a time is typed; it keeps what is typed into it while all else is made anew
   */
  static List<Node> parts(
      WidgetHost host, Frame frame, Timeline data, Theme theme, TextField place) {
    return new TimelineBar(host, frame, data, theme).parts(place);
  }

  private List<Node> parts(TextField place) {
    var parts = new ArrayList<Node>();
    var time = frame.time();
    parts.add(TimeSign.of(time, theme));
    if (can("previousFinding")) {
      parts.add(step("◂ finding", "Previous finding (<)", "previousFinding"));
    }
    if (can("previous")) parts.add(step("◂ event", "Previous event (,)", "previous"));
    if (can("play")) {
      parts.add(player("backward", "Play backward (Shift+Space)", TimeSign.Way.BACKWARD));
      parts.add(player("forward", "Play (Space)", TimeSign.Way.FORWARD));
    }
    if (can("next")) parts.add(step("event ▸", "Next event (.)", "next"));
    if (can("nextFinding")) parts.add(step("finding ▸", "Next finding (>)", "nextFinding"));
    if (data.playback() != null) parts.add(speeds(data.playback()));
    if (!time.live()) {
      var now = Parts.label(Format.instant(time.now()), "strong", "small");
      now.setMinWidth(Region.USE_PREF_SIZE);
      parts.add(now);
    }
    where().ifPresent(parts::add);
    if (can("seek")) parts.add(place);
    if (data.marks() != null) parts.add(legend());
    if (can("span")) parts.add(WrapRow.atEnd(compared()));
    return parts;
  }

  private boolean can(String action) {
    return frame.offers(action);
  }

  private void act(String action) {
    host.act(new Act(action));
  }

  private Button step(String words, String title, String action) {
    var button = Parts.button(words, () -> act(action), "small");
    button.setTooltip(new Tooltip(title));
    button.setAccessibleText(title);
    return button;
  }

  /** A pause while it plays that way. */
  private Node player(String direction, String title, TimeSign.Way way) {
    boolean plays = TimeSign.Way.of(frame.time()) == way;
    var act = plays ? new Act("pause") : new Act("play", Map.of("direction", direction));
    var words = plays ? "Pause (Space)" : title;
    var button = Parts.button("", () -> host.act(act), "small");
    button.setGraphic((plays ? TimeSign.Way.STILL : way).icon());
    button.setTooltip(new Tooltip(words));
    button.setAccessibleText(words);
    return button;
  }

  private Node speeds(Timeline.Playback playback) {
    var all = new TreeSet<>(playback.speeds());
    all.add(playback.speed());
    var choice = new ComboBox<Double>();
    choice.getItems().setAll(all);
    choice.setValue(playback.speed());
    choice.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(Double speed) {
            return speed == null ? "" : TimeSign.speed(speed);
          }

          @Override
          public Double fromString(String typed) {
            throw new UnsupportedOperationException("Speeds are chosen, not typed.");
          }
        });
    choice.setTooltip(new Tooltip("Recorded time over real time (+ −)"));
    choice.setAccessibleText("Speed: recorded time over real time");
    choice.setStyle("-fx-font-size: 12px;");
    choice.setMinWidth(Region.USE_PREF_SIZE);
    choice.setOnAction(event -> host.act(new Act("speed", Double.toString(choice.getValue()))));
    return choice;
  }

  private java.util.Optional<Node> where() {
    boolean still = TimeSign.Way.of(frame.time()) == TimeSign.Way.STILL;
    var words = new ArrayList<String>();
    if (still && data.playback() != null && !data.playback().why().isEmpty()) {
      words.add(data.playback().why());
    }
    if (!data.text().isEmpty()) words.add(data.text());
    if (words.isEmpty()) return java.util.Optional.empty();
    var where = Parts.label(String.join("; ", words), "muted", "small");
    where.setTooltip(new Tooltip(where.getText()));
    return java.util.Optional.of(where);
  }

  /** The shapes that are there, each with its word, and what has no mark. */
  private Node legend() {
    var marks = data.marks();
    var row = new HBox(10, Parts.label(marks.title() + ":", "muted", "small"));
    row.setAlignment(Pos.CENTER_LEFT);
    for (var severity : Severity.values()) {
      if (marks.marks().stream().noneMatch(mark -> mark.severity() == severity)) continue;
      var canvas = new Canvas(TimelineModel.SYMBOL, TimelineModel.SYMBOL);
      TimelinePainter.symbol(canvas.getGraphicsContext2D(), severity, 0, 0, theme);
      var key = new HBox(4, canvas, Parts.label(severity.text(), "muted", "small"));
      key.setAlignment(Pos.CENTER_LEFT);
      row.getChildren().add(key);
    }
    var more = TimelineModel.moreText(marks);
    if (!more.isEmpty()) row.getChildren().add(Parts.label(more, "muted", "small"));
    return row;
  }

  /** The marks A and B, how far they are apart, and what shows their difference. */
  private Node compared() {
    var row = new HBox(4);
    row.setAlignment(Pos.CENTER_RIGHT);
    if (can("markA")) row.getChildren().add(mark("A", data.a(), "[", "markA"));
    if (can("markB")) row.getChildren().add(mark("B", data.b(), "]", "markB"));
    boolean any = data.span() != null || !Double.isNaN(data.a()) || !Double.isNaN(data.b());
    if (data.span() != null) {
      row.getChildren().add(Parts.label(TimelineModel.spanText(data.span()), "small"));
    } else if (!any) {
      var how = (can("seek") ? "Shift+drag" : "drag") + " to choose a time span";
      row.getChildren().add(Parts.label(how, "muted", "small"));
    }
    if (any)
      row.getChildren().add(Parts.tool("✕", "The whole time again (Esc)", () -> act("span")));
    if (can("compare")) {
      row.getChildren()
          .add(step("Compare", "Shows what the heap differs in between A and B (c)", "compare"));
    }
    return row;
  }

  private Node mark(String letter, double at, String key, String action) {
    var words =
        "Mark %s here (%s)%s"
            .formatted(letter, key, Double.isNaN(at) ? "" : "; it is at " + Format.instant(at));
    return step(letter, words, action);
  }
}
