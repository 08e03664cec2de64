package org.heapatlas.eclipse.ui.widgets;

import java.util.List;
import java.util.function.Consumer;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.shape.SVGPath;
import org.heapatlas.eclipse.view.Metric;

/** The small parts that widgets are put together of. */
final class Parts {
  private Parts() {}

  static Label label(String text, String... styles) {
    var label = new Label(text);
    label.setMinWidth(0);
    label.getStyleClass().addAll(styles);
    return label;
  }

  static Label wrapped(String text, String... styles) {
    var label = label(text, styles);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    return label;
  }

  static Button button(String text, Runnable deed, String... styles) {
    var button = new Button(text);
    button.getStyleClass().addAll(styles);
    button.setMnemonicParsing(false);
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(event -> deed.run());
    return button;
  }

  /** Without a frame of its own; the title says what it does. */
  static Button tool(String text, String title, Runnable deed) {
    var button = button(text, deed, "quiet");
    button.setTooltip(new Tooltip(title));
    button.setAccessibleText(title);
    return button;
  }

  static Button icon(String path, String title, Runnable deed) {
    var button = tool("", title, deed);
    button.setGraphic(shape(path, "icon"));
    return button;
  }

  static SVGPath shape(String path, String style) {
    var shape = new SVGPath();
    shape.setContent(path);
    shape.getStyleClass().add(style);
    return shape;
  }

  /** Looks like a link; a long one is cut. */
  static Button link(String text, String title, Runnable deed) {
    var link = new Button(text);
    link.getStyleClass().add("link");
    link.setMnemonicParsing(false);
    link.setMinWidth(0);
    link.setTooltip(new Tooltip(title));
    link.setOnAction(event -> deed.run());
    return link;
  }

  static Region swatch(Color fill) {
    var swatch = new Region();
    swatch.getStyleClass().add("swatch");
    if (fill != null) swatch.setStyle("-fx-background-color: " + Palette.css(fill) + ";");
    return swatch;
  }

  /** A colour with what it stands for. */
  static HBox key(Color fill, String words) {
    var key = new HBox(5, swatch(fill), label(words));
    key.getStyleClass().add("key");
    return key;
  }

  /** One of several metrics. */
  static HBox metricSwitch(List<Metric> metrics, String chosen, Consumer<String> choose) {
    var box = new HBox();
    box.getStyleClass().add("switch");
    for (var metric : metrics) {
      var button = new ToggleButton(metric.title());
      button.setMnemonicParsing(false);
      button.setSelected(metric.id().equals(chosen));
      button.setOnAction(
          event -> {
            button.setSelected(true);
            choose.accept(metric.id());
          });
      box.getChildren().add(button);
    }
    return box;
  }

  /** Takes the width that is left over. */
  static Region spring() {
    var spring = new Region();
    HBox.setHgrow(spring, javafx.scene.layout.Priority.ALWAYS);
    return spring;
  }
}
