package org.heapatlas.eclipse.ui.widgets;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * The scene as a table, for those who do not see it and where it cannot be drawn: the highest boxes
 * first.
 */
final class SceneTable extends ScrollPane {
  /** More would be read by nobody; the CSV has them all. */
  private static final int MOST_ROWS = 100;

  private static final double NUMBER = 70;
  private static final double WIDTH = 300;

  private final VBox rows = new VBox();
  private final Map<Integer, Region> byBox = new HashMap<>();
  private final IntConsumer mark;
  private final Consumer<String> lookCloser;
  private int marked = -1;

  /**
   * @param mark shows which box a row is of; -1: none
   */
  SceneTable(IntConsumer mark, Consumer<String> lookCloser) {
    this.mark = mark;
    this.lookCloser = lookCloser;
    setContent(rows);
    setFitToWidth(true);
    setHbarPolicy(ScrollBarPolicy.NEVER);
    setStyle("-fx-border-color: transparent transparent transparent -ha-border;");
    setMinWidth(WIDTH);
    setPrefWidth(WIDTH);
  }

  void show(SceneModel model) {
    rows.getChildren().clear();
    byBox.clear();
    var shown = model.rows(MOST_ROWS);
    var words =
        shown.size() == model.count()
            ? model.count() + " boxes"
            : "the " + shown.size() + " highest of " + model.count();
    var caption = Parts.label(words, "muted", "small");
    caption.setStyle("-fx-padding: 2 10 6 10;");
    rows.getChildren().add(caption);
    boolean both = model.isColouredByAnother();
    rows.getChildren().add(head(model, both));
    for (var row : shown) rows.getChildren().add(row(row, both));
    setAccessibleText("The same as a table: " + words);
  }

  private static Region head(SceneModel model, boolean both) {
    var head = new HBox(10, grown(Parts.label("Place", "muted", "small")));
    head.getChildren().add(number(model.upwards().title(), "muted"));
    if (both) head.getChildren().add(number(model.scale().label(), "muted"));
    head.setStyle("-fx-padding: 3 10 3 10;");
    return head;
  }

  private Region row(SceneModel.Row row, boolean both) {
    var link =
        Parts.link(
            row.target().replace("-0x", "-\n0x"),
            "Look closer at " + row.target(),
            () -> lookCloser.accept(row.target()));
    link.getStyleClass().addAll("mono", "tiny");
    link.setWrapText(true);
    link.focusedProperty()
        .addListener(
            (focused, before, now) -> {
              if (now) mark.accept(row.box());
            });
    var place = grown(new VBox(link, Parts.wrapped(row.label(), "muted", "small")));
    var box = new HBox(10, place, number(row.amount()));
    if (both) box.getChildren().add(number(row.value()));
    box.setStyle("-fx-padding: 3 10 3 10;");
    box.setOnMouseEntered(event -> mark.accept(row.box()));
    box.setOnMouseExited(event -> mark.accept(-1));
    byBox.put(row.box(), box);
    return box;
  }

  private static <R extends Region> R grown(R region) {
    HBox.setHgrow(region, Priority.ALWAYS);
    region.setMinWidth(0);
    region.setPrefWidth(0);
    region.setMaxWidth(Double.MAX_VALUE);
    return region;
  }

  private static Label number(String text, String... styles) {
    var label = Parts.wrapped(text, styles);
    label.getStyleClass().add("small");
    label.setMinWidth(NUMBER);
    label.setPrefWidth(NUMBER);
    label.setAlignment(Pos.TOP_RIGHT);
    label.setTextAlignment(javafx.scene.text.TextAlignment.RIGHT);
    return label;
  }

  void mark(int box) {
    var before = byBox.get(marked);
    if (before != null) before.setStyle("-fx-padding: 3 10 3 10;");
    marked = box;
    var now = byBox.get(box);
    if (now != null) now.setStyle("-fx-padding: 3 10 3 10; -fx-background-color: -ha-hover;");
  }
}
