package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javafx.application.ConditionalFeature;
import javafx.application.Platform;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Scene;

/**
 * The scene: boxes on plates in three dimensions, with the same as a table beside it. What is drawn
 * is {@link SceneStage}, where one looks from {@link SceneCamera}, words are {@link SceneModel}.
 * Where the graphics card draws no 3D, the table alone has the figures.
 */
final class SceneWidget extends Widget<Scene> {
  private static final double TURN = 0.12;
  private static final double STEP = 0.08;
  private static final double CLOSER = 1.2;

  /** A press that moves less than this is a click. */
  private static final double STILL = 4;

  private static final double SIDE_BY_SIDE = 620;
  private static final String HOW =
      "Drag turns, Shift+drag moves, Ctrl+wheel or + and − come closer; Page Down goes from box to"
          + " box, Enter looks closer.";
  private static final String UNDRAWN =
      "This workbench draws no 3D here (JavaFX has no graphics processor). The table has the same"
          + " figures.";

  private final boolean drawn = Platform.isSupported(ConditionalFeature.SCENE3D);
  private final SceneStage stage = drawn ? new SceneStage() : null;
  private final Drawing overlay = new Drawing(this::paint);
  private final StackPane place = new StackPane();
  private final SceneTable table = new SceneTable(this::mark, this::lookCloser);
  private final WrapRow bar = new WrapRow(12, 4);
  private final Label status = Parts.label(HOW, "muted", "small");
  private final BorderPane both = new BorderPane(place);
  private final StackPane node = new StackPane();
  private final Tip tip = new Tip(node);
  private final Memo shown = new Memo();
  private final Memo barMemo = new Memo();
  private SceneModel model;
  private Boolean chosenLog;

  /** Null: from home. */
  private SceneCamera camera;

  private int cursor = -1;
  private int hover = -1;
  private MouseEvent last;
  private boolean far;
  private boolean moves;

  SceneWidget(WidgetHost host) {
    super(host, Scene.class);
    bar.setStyle("-fx-padding: 0 0 8 0;");
    both.setRight(table);
    both.setTop(bar);
    both.setBottom(drawn ? foot() : null);
    place.setMinSize(0, 0);
    if (drawn) place.getChildren().addAll(stage.node(), overlay);
    else {
      var told = Parts.wrapped(UNDRAWN, "muted");
      told.setStyle("-fx-padding: 12; -fx-background-color: -ha-panel;");
      place.getChildren().add(told);
    }
    node.getChildren().addFirst(both);
    node.widthProperty().addListener((width, before, now) -> arrange(now.doubleValue()));
    listen();
  }

  private Node foot() {
    var foot =
        new HBox(
            2,
            status,
            Parts.spring(),
            Parts.tool("−", "Away (-)", () -> look(eye().zoom(1 / CLOSER))),
            Parts.tool("+", "Closer (+)", () -> look(eye().zoom(CLOSER))),
            Parts.tool("All", "See all again (Home)", () -> look(null)));
    foot.setAlignment(Pos.CENTER_LEFT);
    foot.setStyle("-fx-padding: 4 0 0 0;");
    return foot;
  }

  private void listen() {
    // What lies below is asked which box the pointer is over.
    overlay.setMouseTransparent(true);
    place.setOnMouseMoved(this::onMoved);
    place.setOnMouseExited(event -> hoverAt(-1, null));
    place.setOnMousePressed(this::onPressed);
    place.setOnMouseDragged(this::onDragged);
    place.setOnMouseReleased(this::onReleased);
    place.addEventFilter(ScrollEvent.SCROLL, this::onScroll);
    overlay.setOnKeyPressed(this::onKey);
  }

  /** The table stands beside the scene where there is room, else below it. */
  private void arrange(double width) {
    boolean wide = width > SIDE_BY_SIDE;
    if (wide == (both.getRight() == table)) return;
    both.setRight(null);
    both.setBottom(null);
    table.setMinWidth(wide ? 300 : 0);
    table.setPrefHeight(wide ? Region.USE_COMPUTED_SIZE : 170);
    if (wide) {
      both.setRight(table);
      both.setBottom(drawn ? foot() : null);
    } else both.setBottom(table);
  }

  @Override
  public Region node() {
    return node;
  }

  @Override
  public void focus() {
    overlay.requestFocus();
  }

  @Override
  public String asText() {
    return model.csv();
  }

  @Override
  protected void update(Frame before) {
    // Another place is looked at from its own home.
    if (before != null && !before.place().equals(frame().place())) {
      camera = null;
      cursor = -1;
      hover = -1;
      tip.hide();
    }
    refresh();
  }

  private void refresh() {
    model = new SceneModel(data(), frame().legend(), chosenLog);
    if (shown.changed(data(), model.scale(), theme())) {
      if (drawn) stage.show(model, theme());
      table.show(model);
    }
    buildBar();
    say();
    overlay.repaint();
  }

  private void buildBar() {
    if (!barMemo.changed(data().metrics(), data().metric(), model.scale(), theme())) return;
    var parts = new ArrayList<Node>();
    if (data().metrics().size() > 1) {
      parts.add(
          Parts.metricSwitch(
              data().metrics(), data().metric(), id -> act("metric", id, Map.of("metric", id))));
    }
    parts.add(
        WrapRow.grow(
            LegendBar.of(
                model.scale(),
                "box",
                theme(),
                false,
                () -> {
                  chosenLog = !model.scale().log();
                  refresh();
                })));
    bar.getChildren().setAll(parts);
  }

  private int marked() {
    return hover >= 0 ? hover : cursor;
  }

  private void say() {
    status.setText(model.describe(cursor).map(HeatMapModel.Words::sentence).orElse(HOW));
    overlay.setAccessibleText(
        "%s: %d boxes, as high as %s. %s"
            .formatted(frame().title(), model.count(), model.upwards().title(), status.getText()));
    table.mark(marked());
  }

  private SceneCamera eye() {
    return camera != null
        ? camera
        : SceneCamera.home(data(), overlay.getWidth() / Math.max(1, overlay.getHeight()));
  }

  private void paint(GraphicsContext context, double width, double height, double top) {
    stage.look(eye(), width, height);
    SceneOverlay.paint(context, model, eye(), marked(), theme(), width, height);
  }

  // ---- what the user does

  private void look(SceneCamera next) {
    camera = next;
    overlay.repaint();
  }

  private void mark(int box) {
    cursor = box;
    hover = -1;
    say();
    overlay.repaint();
  }

  private void lookCloser(String target) {
    act("drill", target);
  }

  private void lookCloserAt(int box) {
    if (box >= 0 && box < model.count()) lookCloser(data().boxes().targets().get(box));
  }

  private void hoverAt(int box, MouseEvent event) {
    if (box != hover) {
      hover = box;
      table.mark(marked());
      overlay.repaint();
    }
    var words = model == null ? null : model.describe(box).orElse(null);
    if (words == null || event == null) {
      tip.hide();
      return;
    }
    var at = node.screenToLocal(event.getScreenX(), event.getScreenY());
    tip.show(at.getX(), at.getY(), HeatMapWidget.tipOf(words));
  }

  private int boxAt(MouseEvent event) {
    return drawn ? stage.boxOf(event.getPickResult()) : -1;
  }

  private void onMoved(MouseEvent event) {
    hoverAt(boxAt(event), event);
  }

  private void onPressed(MouseEvent event) {
    overlay.requestFocus();
    int box = boxAt(event);
    if (event.getButton() == MouseButton.PRIMARY && event.getClickCount() == 2) lookCloserAt(box);
    if (event.getButton() == MouseButton.SECONDARY) mark(box);
    last = event;
    far = false;
    moves = event.getButton() != MouseButton.PRIMARY || event.isShiftDown();
    tip.hide();
  }

  private void onDragged(MouseEvent event) {
    if (last == null) return;
    double x = event.getX() - last.getX();
    double y = event.getY() - last.getY();
    if (!far && Math.hypot(x, y) < STILL) return;
    far = true;
    last = event;
    hoverAt(-1, null);
    double height = Math.max(1, overlay.getHeight());
    look(
        moves
            ? eye().pan(-x / height, y / height)
            : eye().orbit(-x / height * Math.PI, y / height * Math.PI));
  }

  private void onReleased(MouseEvent event) {
    if (last != null && !far && event.getButton() == MouseButton.PRIMARY) mark(boxAt(event));
    last = null;
  }

  private void onScroll(ScrollEvent event) {
    if (!event.isControlDown() || event.getDeltaY() == 0) return;
    look(eye().zoom(event.getDeltaY() > 0 ? CLOSER : 1 / CLOSER));
    event.consume();
  }

  private void onKey(KeyEvent event) {
    if (event.isControlDown() || event.isMetaDown() || event.isAltDown()) return;
    switch (event.getCode()) {
      case LEFT -> turn(event.isShiftDown(), -1, 0);
      case RIGHT -> turn(event.isShiftDown(), 1, 0);
      case UP -> turn(event.isShiftDown(), 0, 1);
      case DOWN -> turn(event.isShiftDown(), 0, -1);
      case PLUS, EQUALS, ADD -> look(eye().zoom(CLOSER));
      case MINUS, SUBTRACT -> look(eye().zoom(1 / CLOSER));
      case HOME -> look(null);
      case PAGE_DOWN -> step(1);
      case PAGE_UP -> step(-1);
      case ENTER -> lookCloserAt(cursor);
      case BACK_SPACE -> goBack();
      case ESCAPE -> mark(-1);
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void turn(boolean isMove, int x, int y) {
    look(isMove ? eye().pan(x * STEP, y * STEP) : eye().orbit(x * TURN, y * TURN));
  }

  private void step(int by) {
    if (model.count() == 0) return;
    mark(cursor < 0 ? 0 : Math.floorMod(cursor + by, model.count()));
  }

  @Override
  public List<Choice> choices() {
    return cursor < 0 ? List.of() : List.of(new Choice("Look closer", () -> lookCloserAt(cursor)));
  }
}
