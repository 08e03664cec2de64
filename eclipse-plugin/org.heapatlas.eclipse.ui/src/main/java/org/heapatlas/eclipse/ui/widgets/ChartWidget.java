package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javafx.geometry.Pos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.shape.Line;
import org.heapatlas.eclipse.view.Chart;
import org.heapatlas.eclipse.view.Chart.Series;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Span;

/**
 * The chart: series over time, one lane an axis, all with one time and one cursor; gaps shaded and
 * named. Axes and words are {@link ChartModel}, pixels {@link ChartLane}.
 */
final class ChartWidget extends Widget<Chart> {
  private static final double LEAST_DRAG = 6;
  private static final int FAR_STEP = 10;

  /** Of the lanes' heights: the first is what people look at. */
  private static final double[] WEIGHTS = {3, 2};

  private final List<Drawing> lanes = new ArrayList<>();
  private final List<WrapRow> bars = new ArrayList<>();
  private final Map<String, Label> values = new HashMap<>();
  private final Label atWords = Parts.label("", "muted", "small");
  private final Button whole = Parts.button("Whole time", this::wholeRange, "small");
  private final Pane node = new Lanes();
  private final Memo shape = new Memo();
  private final Set<String> off = new HashSet<>();
  private Span span;
  private Span drag;
  private int at = -1;

  ChartWidget(WidgetHost host) {
    super(host, Chart.class);
    node.setFocusTraversable(true);
    node.getStyleClass().add("drawing");
    node.setOnKeyPressed(this::onKey);
    node.setMinSize(0, 0);
  }

  @Override
  public Region node() {
    return node;
  }

  @Override
  public String asText() {
    return ChartModel.csv(data());
  }

  @Override
  protected void update(Frame before) {
    var keys =
        data().series().stream().map(s -> List.of(s.id(), s.title(), s.unit(), s.axis())).toList();
    if (shape.changed(keys, Set.copyOf(off), theme())) build();
    node.setAccessibleText(frame().title() + ". " + ChartModel.sentence(data()));
    redraw();
  }

  private void build() {
    lanes.clear();
    bars.clear();
    values.clear();
    var model = ChartModel.lanes(data());
    for (int i = 0; i < model.size(); i++) {
      int number = i;
      var drawing =
          new Drawing((context, width, height, top) -> paint(context, number, width, height));
      drawing.setFocusTraversable(false);
      drawing.setOnMouseMoved(event -> pointAt(xOf(event)));
      drawing.setOnMouseExited(event -> setAt(-1));
      drawing.setOnMousePressed(event -> node.requestFocus());
      drawing.setOnMouseDragged(this::onDragged);
      drawing.setOnMouseReleased(event -> onReleased(drawing));
      drawing.setOnMouseClicked(this::onClicked);
      lanes.add(drawing);
      bars.add(bar(model.get(i), i == 0));
    }
    node.getChildren().setAll(lanes);
    node.getChildren().addAll(bars);
  }

  private WrapRow bar(ChartModel.Lane lane, boolean first) {
    var bar = new WrapRow(4, 0);
    lane.series().forEach(series -> bar.getChildren().add(key(series)));
    if (first) {
      atWords.setMinWidth(Region.USE_PREF_SIZE);
      var tools = new HBox(4, atWords, whole);
      tools.setAlignment(Pos.CENTER_RIGHT);
      bar.getChildren().add(WrapRow.atEnd(tools));
    }
    return bar;
  }

  private Button key(Series series) {
    var line = new Line(0, 0, 14, 0);
    line.setStroke(theme().categorical(data().series().indexOf(series)));
    line.setStrokeWidth(3);
    if (ChartModel.isDashed(series, data())) line.getStrokeDashArray().setAll(5.0, 4.0);
    var value = Parts.label("", "muted", "small");
    value.setMinWidth(62);
    values.put(series.id(), value);
    var title = Parts.label(series.title(), "small");
    var words = new HBox(7, line, title, value);
    words.setAlignment(Pos.CENTER_LEFT);
    var key = Parts.button("", () -> toggle(series.id()), "quiet");
    key.setGraphic(words);
    boolean hidden = off.contains(series.id());
    key.setOpacity(hidden ? 0.5 : 1);
    if (hidden) title.setStyle("-fx-strikethrough: true;");
    key.setAccessibleText((hidden ? "Show " : "Hide ") + series.title());
    return key;
  }

  private void redraw() {
    for (var series : data().series()) {
      int shown = at >= 0 ? at : series.values().lastKnown();
      var value = values.get(series.id());
      if (value != null) {
        value.setText(Format.quantity(series.values().at(shown), series.unit()));
      }
    }
    atWords.setText(at < 0 ? "" : ChartModel.at(data(), at));
    whole.setVisible(span != null);
    whole.setManaged(span != null);
    lanes.forEach(Drawing::repaint);
    node.requestLayout();
  }

  private Span shown() {
    return span != null ? span : new Span(orZero(data().x().at(0)), orZero(data().x().last()), "");
  }

  private static double orZero(double value) {
    return Double.isNaN(value) ? 0 : value;
  }

  private void paint(GraphicsContext context, int number, double width, double height) {
    var model = ChartModel.lanes(data());
    if (number >= model.size()) return;
    var range = shown();
    var view = new ChartLane.View(data(), range.from(), range.to(), off, at, drag);
    new ChartLane(
            view,
            model.get(number),
            number == 0,
            number == model.size() - 1,
            theme(),
            width,
            height)
        .paint(context);
  }

  // ---- what the user does

  private double xOf(MouseEvent event) {
    var lane = lanes.getFirst();
    return ChartLane.xAt(event.getX(), lane.room(), shown().from(), shown().to());
  }

  private void pointAt(double x) {
    int nearest = -1;
    for (int i = 0; i < data().x().size(); i++) {
      double distance = Math.abs(data().x().get(i) - x);
      if (nearest < 0 || distance < Math.abs(data().x().get(nearest) - x)) nearest = i;
    }
    setAt(nearest);
  }

  private void setAt(int index) {
    if (index == at) return;
    at = index;
    redraw();
  }

  private void onDragged(MouseEvent event) {
    if (event.getButton() != MouseButton.PRIMARY) return;
    double x = xOf(event);
    drag = drag == null ? new Span(x, x, "") : new Span(drag.from(), x, "");
    pointAt(x);
    redraw();
  }

  private void onReleased(Drawing lane) {
    if (drag == null) return;
    double from = Math.min(drag.from(), drag.to());
    double to = Math.max(drag.from(), drag.to());
    drag = null;
    double pixels =
        (to - from) / (shown().to() - shown().from()) * ChartLane.plotWidth(lane.room());
    if (pixels >= LEAST_DRAG) zoomInto(Math.rint(from), Math.rint(to));
    redraw();
  }

  private void onClicked(MouseEvent event) {
    if (event.getButton() == MouseButton.PRIMARY && event.getClickCount() == 2) wholeRange();
  }

  private void zoomInto(double from, double to) {
    span = new Span(from, to, "");
    redraw();
    askRange(Map.of("from", from, "to", to));
  }

  /** The lanes zoom into what they have; a server that can answers with more of it. */
  private void askRange(Map<String, Object> range) {
    if (frame().offers("range")) act("range", "", range);
  }

  private void wholeRange() {
    if (span == null) return;
    span = null;
    redraw();
    askRange(Map.of());
  }

  private void zoomBy(double factor) {
    if (data().x().size() < 2) return;
    double first = data().x().at(0);
    double last = data().x().last();
    var now = shown();
    double middle = at < 0 ? (now.from() + now.to()) / 2 : data().x().at(at);
    double from = middle - (middle - now.from()) * factor;
    double to = middle + (now.to() - middle) * factor;
    if (from <= first && to >= last) wholeRange();
    else zoomInto(Math.max(first, Math.rint(from)), Math.min(last, Math.rint(to)));
  }

  private void toggle(String id) {
    if (!off.remove(id)) off.add(id);
    update(frame());
  }

  private void onKey(KeyEvent event) {
    if (event.isControlDown() || event.isMetaDown() || event.isAltDown()) return;
    int step = event.isShiftDown() ? FAR_STEP : 1;
    switch (event.getCode()) {
      case LEFT -> moveCursor(-step);
      case RIGHT -> moveCursor(step);
      case PLUS, EQUALS, ADD -> zoomBy(0.5);
      case MINUS, SUBTRACT -> zoomBy(2);
      case ESCAPE -> wholeRange();
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void moveCursor(int step) {
    int last = data().x().size() - 1;
    if (last >= 0) setAt(Math.clamp((at < 0 ? last : at) + step, 0, last));
  }

  @Override
  public List<Choice> choices() {
    return span == null
        ? List.of(new Choice("Zoom in", () -> zoomBy(0.5)))
        : List.of(
            new Choice("Zoom in", () -> zoomBy(0.5)),
            new Choice("Zoom out", () -> zoomBy(2)),
            new Choice("Whole time", this::wholeRange));
  }

  /** Each lane below its keys. */
  private final class Lanes extends Pane {
    @Override
    protected void layoutChildren() {
      double taken = 0;
      double weights = 0;
      for (int i = 0; i < lanes.size(); i++) {
        taken += bars.get(i).prefHeight(getWidth());
        weights += WEIGHTS[Math.min(i, 1)];
      }
      double room = Math.max(0, getHeight() - taken);
      double y = 0;
      for (int i = 0; i < lanes.size(); i++) {
        double bar = bars.get(i).prefHeight(getWidth());
        bars.get(i).resizeRelocate(0, y, getWidth(), bar);
        double height = Math.floor(room * WEIGHTS[Math.min(i, 1)] / weights);
        lanes.get(i).resizeRelocate(0, y + bar, getWidth(), height);
        y += bar + height;
      }
    }
  }
}
