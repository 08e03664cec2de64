package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Polygon;
import javafx.scene.shape.Polyline;
import javafx.scene.shape.StrokeLineJoin;
import org.heapatlas.eclipse.view.Csv;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.KeyFigures;
import org.heapatlas.eclipse.view.KeyFigures.Figure;
import org.heapatlas.eclipse.view.Numbers;

/** Key figures: one card a figure, with its course as a small line, and the notices below. */
final class KeyFiguresWidget extends Widget<KeyFigures> {
  private static final double SPARK_HEIGHT = 22;

  private final CardGrid cards = new CardGrid();
  private final VBox notices = new VBox();
  private final ScrollPane node;

  KeyFiguresWidget(WidgetHost host) {
    super(host, KeyFigures.class);
    notices.setPadding(new Insets(8, 0, 0, 0));
    node = new Scroll(new VBox(cards, notices));
    node.setFitToWidth(true);
    node.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
  }

  @Override
  public Region node() {
    return node;
  }

  @Override
  protected void update(Frame before) {
    cards.getChildren().setAll(data().figures().stream().map(this::card).toList());
    notices
        .getChildren()
        .setAll(data().notices().stream().map(text -> notice("⚠ " + text)).toList());
    notices.setManaged(!data().notices().isEmpty());
  }

  private Region notice(String text) {
    var label = Parts.wrapped(text, "small");
    label.setTextFill(theme().warningText());
    label.setStyle("-fx-text-fill: -ha-warning;");
    return label;
  }

  private Region card(Figure figure) {
    var value = Parts.label(Format.quantity(figure.value(), figure.unit()));
    value.setStyle("-fx-font-size: 21px; -fx-font-weight: bold;");
    var words = new VBox(Parts.label(figure.title(), "muted", "small"), value, note(figure.text()));
    words.setPadding(new Insets(8, 12, 4, 12));
    var card = new VBox(words, new Spark(figure.spark()));
    card.setStyle(
        "-fx-background-color: -ha-border, -ha-ground; -fx-background-insets: 0, 1;"
            + " -fx-background-radius: 8, 7;");
    var exact = figure.title() + ": " + Format.exactly(figure.value(), figure.unit());
    Tooltip.install(card, new Tooltip(exact));
    card.setAccessibleText(exact + ", " + figure.text());
    return card;
  }

  private static Region note(String text) {
    var note = Parts.label(text, "muted", "small");
    note.setMinHeight(17);
    return note;
  }

  @Override
  public String asText() {
    var lines = new ArrayList<List<String>>();
    lines.add(List.of("figure", "value", "unit", "note"));
    for (var figure : data().figures()) {
      lines.add(
          List.of(figure.title(), Format.plain(figure.value()), figure.unit(), figure.text()));
    }
    return Csv.of(lines);
  }

  /** As high as its content where there is room. */
  private static final class Scroll extends ScrollPane {
    Scroll(Region content) {
      super(content);
    }

    @Override
    public Orientation getContentBias() {
      return Orientation.HORIZONTAL;
    }

    @Override
    protected double computePrefHeight(double width) {
      return getContent().prefHeight(width);
    }

    @Override
    protected double computeMinHeight(double width) {
      return 0;
    }
  }

  /**
   * A small line without axes; unknown values break it, and a value that never changes is a line in
   * the middle.
   */
  private final class Spark extends Pane {
    private final Numbers values;

    Spark(Numbers values) {
      this.values = values;
      setMinHeight(SPARK_HEIGHT + 2);
      setPrefHeight(SPARK_HEIGHT + 2);
    }

    @Override
    protected void layoutChildren() {
      getChildren().clear();
      if (values.known().count() < 2) return;
      var run = new ArrayList<Double>();
      for (int i = 0; i <= values.size(); i++) {
        if (Double.isFinite(values.at(i))) {
          run.add((double) i / (values.size() - 1) * getWidth());
          run.add(height(values.get(i)));
        } else if (!run.isEmpty()) {
          draw(run);
          run.clear();
        }
      }
    }

    private double height(double value) {
      double min = values.known().min().orElse(0);
      double max = values.known().max().orElse(0);
      return max > min
          ? SPARK_HEIGHT - (value - min) / (max - min) * SPARK_HEIGHT
          : SPARK_HEIGHT / 2;
    }

    private void draw(List<Double> run) {
      var line = new Polyline();
      line.getPoints().setAll(run);
      line.setStroke(theme().accent());
      line.setStrokeWidth(1.5);
      line.setStrokeLineJoin(StrokeLineJoin.ROUND);
      var area = new Polygon();
      area.getPoints().setAll(run);
      area.getPoints().addAll(run.get(run.size() - 2), getHeight(), run.getFirst(), getHeight());
      area.setFill(Palette.withAlpha(theme().accent(), 0.16));
      getChildren().addAll(area, line);
    }
  }
}
