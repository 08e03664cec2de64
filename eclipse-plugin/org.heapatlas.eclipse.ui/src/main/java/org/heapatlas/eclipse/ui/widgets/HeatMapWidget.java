package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javafx.geometry.Point2D;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Button;
import javafx.scene.image.Image;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.heapatlas.eclipse.ui.widgets.HeatMapLayout.Tiles;
import org.heapatlas.eclipse.ui.widgets.HeatMapLayout.Way;
import org.heapatlas.eclipse.view.Address;
import org.heapatlas.eclipse.view.AddressRange;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.HeatMap;

/**
 * The heat map: tiles of the address space coloured by a metric. Geometry is {@link HeatMapLayout},
 * meaning {@link HeatMapModel}, pixels {@link HeatMapPainter}; this class joins them to the pointer
 * and the keyboard.
 */
final class HeatMapWidget extends Widget<HeatMap> implements DetailPanel.Deeds {
  private static final double ZOOM_STEP = 1.25;
  private static final double MAX_ZOOM = 8;
  private static final String HOW =
      "Click or Space says what is there; double-click, Enter or drag looks closer; Backspace goes"
          + " back.";

  /** Offered in the widget's own words. */
  private static final Set<String> OWN_ACTIONS = Set.of("drill", "inspect");

  private final Drawing map = new Drawing(this::paint);
  private final WrapRow bar = new WrapRow(12, 4);
  private final javafx.scene.control.Label status = Parts.label(HOW, "muted", "small");
  private final Button smaller = Parts.tool("−", "Smaller tiles (-)", () -> zoomBy(1 / ZOOM_STEP));
  private final HBox foot =
      new HBox(
          2,
          status,
          Parts.spring(),
          smaller,
          Parts.tool("+", "Larger tiles (+)", () -> zoomBy(ZOOM_STEP)));
  private final BorderPane views = new BorderPane(map, bar, null, foot, null);
  private final StackPane node = new StackPane(views);
  private final Tip tip = new Tip(node);
  private final Memo barMemo = new Memo();
  private final Memo detailMemo = new Memo();
  private final Memo layoutMemo = new Memo();
  private String chosenMetric;
  private Boolean chosenLog;
  private double zoom = 1;
  private int cursor = -1;
  private int hovered = -1;
  private int pressed = -1;

  /** Of the last painting. */
  private double width;

  private Tiles drag;
  private HeatMapModel model;
  private HeatMapLayout layout;
  private float[] levels = {};

  HeatMapWidget(WidgetHost host) {
    super(host, HeatMap.class);
    bar.setStyle("-fx-padding: 0 0 8 0;");
    foot.setAlignment(Pos.CENTER_LEFT);
    foot.setStyle("-fx-padding: 4 0 0 0;");
    map.setOnMousePressed(this::onPressed);
    map.setOnMouseDragged(this::onDragged);
    map.setOnMouseReleased(this::onReleased);
    map.setOnMouseMoved(this::onMoved);
    map.setOnMouseExited(event -> hover(-1, null));
    map.setOnKeyPressed(this::onKey);
    map.addEventFilter(ScrollEvent.SCROLL, this::onScroll);
  }

  @Override
  public Region node() {
    return node;
  }

  @Override
  public void focus() {
    map.requestFocus();
  }

  @Override
  protected void update(Frame before) {
    boolean otherMetric =
        before != null
            && before.data() instanceof HeatMap old
            && !old.metric().equals(data().metric());
    if (otherMetric) chosenMetric = null;
    refresh();
  }

  /** What is drawn anew when the frame or what the user chose has changed. */
  private void refresh() {
    model = new HeatMapModel(data(), frame().legend(), chosenMetric, chosenLog);
    if (layout != null) relayout(width);
    var detail = data().detail();
    if (detailMemo.changed(detail, theme())) {
      views.setRight(detail == null ? null : DetailPanel.of(detail, host, this));
    }
    smaller.setDisable(zoom <= 1);
    map.repaint();
  }

  private void buildBar(boolean unmapped) {
    if (!barMemo.changed(data().metrics(), model.metricId(), model.scale(), unmapped, theme())) {
      return;
    }
    var parts = new ArrayList<Node>();
    if (data().metrics().size() > 1) {
      parts.add(Parts.metricSwitch(data().metrics(), model.metricId(), this::chooseMetric));
    }
    parts.add(
        WrapRow.grow(
            LegendBar.of(model.scale(), model.tileWords(), theme(), unmapped, this::switchScale)));
    bar.getChildren().setAll(parts);
  }

  /** The cursor stays at its address when tiles move. */
  private void relayout(double now) {
    width = now;
    var address =
        layout == null || cursor < 0 ? Optional.<AddressRange>empty() : layout.rangeOf(cursor);
    double gutter = width < 420 ? 84 : width < 600 ? 124 : 150;
    layout =
        HeatMapLayout.of(
            data().segments(), new HeatMapLayout.Options(width, map.getHeight(), gutter, zoom));
    address.ifPresent(range -> cursor = layout.tileOf(range.from()).orElse(-1));
    if (cursor >= layout.tiles()) cursor = -1;
    if (hovered >= layout.tiles()) hovered = -1;
    levels = model.levels(layout);
    map.setContentHeight(layout.height());
    boolean unmapped = false;
    for (float level : levels) unmapped |= level == HeatMapModel.NOT_MAPPED;
    buildBar(unmapped);
    say();
  }

  private void paint(GraphicsContext context, double wide, double height, double top) {
    if (layoutMemo.changed(wide, height, zoom) || layout == null) relayout(wide);
    var painter = new HeatMapPainter(layout, levels, theme());
    painter.paint(context, top, wide, height);
    selected().ifPresent(tiles -> painter.markRuns(context, tiles, false));
    if (drag != null) painter.markRuns(context, drag, true);
    if (hovered >= 0) painter.markTile(context, hovered, false);
    if (cursor >= 0) painter.markTile(context, cursor, true);
  }

  private Optional<Tiles> selected() {
    var selection = frame().selection();
    if (selection == null || !Address.isWire(selection.from()) || !Address.isWire(selection.to())) {
      return Optional.empty();
    }
    long from = Address.ofWire(selection.from());
    long to = Address.ofWire(selection.to());
    return Long.compareUnsigned(from, to) < 0
        ? layout.tilesOf(new AddressRange(from, to))
        : Optional.empty();
  }

  private void say() {
    var words = cursor < 0 ? Optional.<HeatMapModel.Words>empty() : model.describe(layout, cursor);
    status.setText(words.map(HeatMapModel.Words::sentence).orElse(HOW));
    map.setAccessibleText(
        "%s: %d tiles in %d segments. %s"
            .formatted(frame().title(), layout.tiles(), layout.blocks().size(), status.getText()));
  }

  // ---- what the user does

  private int tileAt(MouseEvent event) {
    return layout == null
        ? -1
        : layout.tileAt(event.getX(), event.getY() + map.scrollTop()).orElse(-1);
  }

  private void hover(int tile, MouseEvent event) {
    if (tile != hovered) map.repaint();
    hovered = tile;
    if (tile < 0 || event == null) tip.hide();
    else model.describe(layout, tile).ifPresent(words -> showTip(words, event));
  }

  private void showTip(HeatMapModel.Words words, MouseEvent event) {
    var at = node.screenToLocal(event.getScreenX(), event.getScreenY());
    tip.show(at.getX(), at.getY(), tipOf(words));
  }

  static List<Node> tipOf(HeatMapModel.Words words) {
    var parts = new ArrayList<Node>();
    parts.add(new HBox(Parts.label(words.region(), "strong"), Parts.label(" · " + words.size())));
    parts.add(Parts.label(words.range(), "mono", "place"));
    parts.add(Tip.figures(words.figures()));
    if (!words.resident().isEmpty()) {
      parts.add(Parts.label("In memory of the whole region", "place"));
      parts.add(Tip.figures(words.resident()));
    }
    return parts;
  }

  private void onMoved(MouseEvent event) {
    hover(tileAt(event), event);
  }

  private void onPressed(MouseEvent event) {
    int tile = tileAt(event);
    if (tile >= 0) moveTo(tile);
    // The first of two clicks may have made the map narrower: the second still means the tile that
    // the first one met.
    boolean first = event.getButton() == MouseButton.PRIMARY && event.getClickCount() == 1;
    pressed = first ? tile : -1;
    boolean twice = event.getButton() == MouseButton.PRIMARY && event.getClickCount() == 2;
    if (twice && event.getX() < layout.gutter()) {
      layout.blockAt(event.getY() + map.scrollTop()).ifPresent(this::drillBlock);
    } else if (twice && cursor >= 0) drill(cursor, cursor);
  }

  private void onDragged(MouseEvent event) {
    hover(tileAt(event), event);
    if (pressed < 0 || hovered < 0 || (hovered == pressed && drag == null)) return;
    // A range stays in the segment where it began: between two segments lies nothing to look at.
    layout
        .blockOf(pressed)
        .ifPresent(
            block -> {
              int end = Math.clamp(hovered, block.first(), block.first() + block.count() - 1);
              drag = new Tiles(Math.min(pressed, end), Math.max(pressed, end));
              map.repaint();
            });
  }

  private void onReleased(MouseEvent event) {
    var dragged = drag;
    int tile = pressed;
    drag = null;
    pressed = -1;
    map.repaint();
    if (dragged != null && dragged.first() != dragged.last())
      drill(dragged.first(), dragged.last());
    else if (tile >= 0) inspectTile(tile);
  }

  private void onScroll(ScrollEvent event) {
    if (!event.isControlDown()) return;
    zoomBy(event.getDeltaY() > 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
    event.consume();
  }

  private void zoomBy(double factor) {
    zoom = Math.clamp(zoom * factor, 1, MAX_ZOOM);
    smaller.setDisable(zoom <= 1);
    map.repaint();
  }

  private void onKey(KeyEvent event) {
    if (layout == null || layout.tiles() == 0) return;
    if (event.isControlDown() || event.isMetaDown() || event.isAltDown()) return;
    switch (event.getCode()) {
      case LEFT -> step(Way.LEFT);
      case RIGHT -> step(Way.RIGHT);
      case UP -> step(Way.UP);
      case DOWN -> step(Way.DOWN);
      case HOME -> moveTo(0);
      case END -> moveTo(layout.tiles() - 1);
      case ENTER -> {
        if (cursor >= 0) drill(cursor, cursor);
      }
      case SPACE -> {
        if (cursor >= 0) inspectTile(cursor);
      }
      case ESCAPE -> {
        if (data().detail() != null) inspect("");
      }
      case BACK_SPACE -> goBack();
      case PLUS, EQUALS, ADD -> zoomBy(ZOOM_STEP);
      case MINUS, SUBTRACT -> zoomBy(1 / ZOOM_STEP);
      case M -> nextMetric();
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void step(Way way) {
    moveTo(cursor < 0 ? 0 : layout.neighbour(cursor, way));
  }

  private void moveTo(int tile) {
    cursor = tile;
    tip.hide();
    layout
        .cornerOf(tile)
        .ifPresent(corner -> map.reveal(corner.y() - 4, corner.y() + layout.cellHeight() + 4));
    say();
    map.repaint();
  }

  private void inspectTile(int tile) {
    if (!frame().offers("inspect")) return;
    layout.rangeOf(tile).ifPresent(range -> act("inspect", "", bounds(range.from(), range.to())));
  }

  private static Map<String, Object> bounds(long from, long to) {
    return Map.of("from", Address.toWire(from), "to", Address.toWire(to));
  }

  @Override
  public void inspect(String target) {
    act("inspect", target);
    if (target.isEmpty()) map.requestFocus();
  }

  @Override
  public void drillInto(String from, String to) {
    act("drill", from, Map.of("from", from, "to", to));
  }

  /** From one tile up to and with another of the same segment. */
  private void drill(int first, int last) {
    var from = layout.rangeOf(first);
    var to = layout.rangeOf(last);
    if (from.isEmpty() || to.isEmpty()) return;
    drillInto(Address.toWire(from.get().from()), Address.toWire(to.get().to()));
  }

  private void drillBlock(HeatMapLayout.Block block) {
    if (block.count() > 0) drill(block.first(), block.first() + block.count() - 1);
  }

  private void chooseMetric(String id) {
    chosenMetric = id;
    refresh();
    act("metric", id, Map.of("metric", id));
  }

  private void switchScale() {
    chosenLog = !model.scale().log();
    refresh();
  }

  private void nextMetric() {
    var ids = data().metrics().stream().map(metric -> metric.id()).toList();
    if (!ids.isEmpty()) chooseMetric(ids.get((ids.indexOf(model.metricId()) + 1) % ids.size()));
  }

  @Override
  public List<Choice> choices() {
    return cursor < 0 || layout == null
        ? List.of()
        : layout.rangeOf(cursor).map(this::choicesOf).orElse(List.of());
  }

  /** Of that tile, also when the map has changed before one is chosen. */
  private List<Choice> choicesOf(AddressRange tile) {
    var choices = new ArrayList<Choice>();
    var from = Address.toWire(tile.from());
    choices.add(new Choice("Look closer", () -> drillInto(from, Address.toWire(tile.to()))));
    if (frame().offers("inspect")) {
      var bounds = bounds(tile.from(), tile.to());
      choices.add(new Choice("What is there", () -> act("inspect", "", bounds)));
    }
    choices.addAll(offered("tile", OWN_ACTIONS, action -> actOnTile(action, tile)));
    choices.addAll(onBytes(tile.from(), tile));
    return choices;
  }

  private void actOnTile(String action, AddressRange tile) {
    act(action, Address.toWire(tile.from()), bounds(tile.from(), tile.to()));
  }

  @Override
  public Optional<Point2D> cursorPlace() {
    return cursor < 0 || layout == null
        ? Optional.empty()
        : layout
            .cornerOf(cursor)
            .map(corner -> map.localToScreen(corner.x() + 8, corner.y() - map.scrollTop() + 8));
  }

  @Override
  public String asText() {
    return model.csv(Objects.requireNonNullElseGet(layout, this::layoutForText));
  }

  private HeatMapLayout layoutForText() {
    return HeatMapLayout.of(data().segments(), new HeatMapLayout.Options(800, 600, 150, 1));
  }

  /** All tiles, not only those in sight, where some are not. */
  @Override
  public Optional<Image> picture() {
    return layout == null || layout.height() <= map.getHeight()
        ? Optional.empty()
        : Optional.of(HeatMapPicture.of(frame().title(), model, layout, levels, theme()));
  }
}
