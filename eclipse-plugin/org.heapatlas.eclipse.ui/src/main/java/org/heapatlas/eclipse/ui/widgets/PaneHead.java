package org.heapatlas.eclipse.ui.widgets;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Frame.Coverage;

/**
 * What stands above a widget: title, breadcrumbs, progress, coverage, the frame's actions, the copy
 * buttons.
 */
final class PaneHead {
  /**
   * Those that widgets offer by their own means: keys, pointer, headers. There is a button for any
   * other.
   */
  private static final Set<String> OF_WIDGETS =
      Set.of(
          "drill",
          "inspect",
          "back",
          "sort",
          "window",
          "filter",
          "metric",
          "range",
          "seek",
          "previous",
          "next",
          "span",
          "mark",
          "previousFinding",
          "nextFinding",
          "play",
          "pause",
          "speed",
          "markA",
          "markB",
          "compare",
          "query");

  private static final String PICTURE_ICON =
      "M3 2.5h10a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1 -1.5 1.5h-10a1.5 1.5 0 0 1 -1.5 -1.5v-8a1.5"
          + " 1.5 0 0 1 1.5 -1.5Z M2 11.5l3.8 -4 3 3 2.2 -2.2 3 3 M10.8 4.7a1.1 1.1 0 1 1 0 2.2a1.1"
          + " 1.1 0 1 1 0 -2.2Z";
  private static final String COPY_ICON =
      "M7 5.5h6a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1 -1.5 1.5h-6a1.5 1.5 0 0 1 -1.5 -1.5v-6a1.5"
          + " 1.5 0 0 1 1.5 -1.5Z M10.5 5.5v-2.5a1.5 1.5 0 0 0 -1.5 -1.5h-6a1.5 1.5 0 0 0 -1.5"
          + " 1.5v6a1.5 1.5 0 0 0 1.5 1.5h2.5";

  private PaneHead() {}

  static List<Frame.Action> buttonsOf(Frame frame) {
    return frame.actions().stream()
        .filter(action -> action.on().equals("frame") && !OF_WIDGETS.contains(action.id()))
        .toList();
  }

  /**
   * @param frame null while it is awaited
   */
  static WrapRow of(String title, Frame frame, WidgetHost host, List<? extends Node> atEnd) {
    var row = new WrapRow(14, 2, Parts.label(title, "title"));
    row.setMinHeight(34);
    row.setStyle("-fx-padding: 0 0 6 0;");
    if (frame != null && frame.breadcrumbs().size() > 1) row.getChildren().add(crumbs(frame, host));
    var end = new HBox(10);
    end.setAlignment(Pos.CENTER_RIGHT);
    if (frame != null && frame.progress() != null)
      end.getChildren().add(progress(frame.progress()));
    end.getChildren().addAll(atEnd);
    row.getChildren().add(WrapRow.atEnd(end));
    return row;
  }

  private static Node crumbs(Frame frame, WidgetHost host) {
    var row = new HBox(4);
    row.setAlignment(Pos.CENTER_LEFT);
    row.setAccessibleText("Where you are in " + frame.title());
    var crumbs = frame.breadcrumbs();
    for (var crumb : crumbs.subList(0, crumbs.size() - 1)) {
      var back =
          Parts.link(
              crumb.title(),
              "Back to " + crumb.title(),
              () -> host.act(new Act("back", crumb.target())));
      back.getStyleClass().add("crumb");
      row.getChildren().addAll(back, Parts.label("›", "muted", "small"));
    }
    row.getChildren().add(Parts.label(crumbs.getLast().title(), "muted", "small"));
    return row;
  }

  private static Node progress(Frame.Progress progress) {
    var bar = new ProgressBar(progress.done());
    bar.setPrefSize(90, 9);
    bar.setAccessibleText(progress.text());
    var words = (int) Math.floor(progress.done() * 100) + " % " + progress.text();
    var box = new HBox(6, bar, Parts.label(words, "muted", "small"));
    box.setAlignment(Pos.CENTER_LEFT);
    return box;
  }

  /** The whole sentence where there is room for it, below the key figures; elsewhere its gist. */
  static Node coverage(Coverage coverage, boolean whole) {
    boolean lost = coverage.lost() > 0;
    var figures =
        coverage.sampled()
            ? "an estimate"
            : lost ? Format.count(coverage.lost()) + " lost" : "none lost";
    var brief =
        Stream.of(coverage.mode(), figures)
            .filter(note -> !note.isEmpty())
            .collect(Collectors.joining(", "));
    var sentence = coverage.text().isEmpty() ? brief : coverage.mode() + " · " + coverage.text();
    var words =
        whole ? Parts.wrapped(sentence, "muted", "small") : Parts.label(brief, "muted", "small");
    words.setTooltip(new Tooltip("What these figures stand on: " + sentence));
    words.setAccessibleText("Coverage: " + sentence);
    var dot = new javafx.scene.layout.Region();
    dot.getStyleClass().add("dot");
    var box = new HBox(7, dot, words);
    box.setAlignment(Pos.CENTER_LEFT);
    if (lost) box.getStyleClass().add("lost");
    return box;
  }

  static List<Node> copyTools(String format, Runnable onPicture, Runnable onData) {
    return List.of(
        Parts.icon(PICTURE_ICON, "Copy as image", onPicture),
        Parts.icon(COPY_ICON, "Copy as " + format, onData));
  }
}
