package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javafx.geometry.Dimension2D;
import javafx.geometry.Point2D;
import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Graph;

/**
 * The graph: nodes in layers from left to right and the edges between them, which can be moved and
 * enlarged. Places are {@link GraphLayout}, the part in sight {@link GraphCamera}, meaning {@link
 * GraphModel}, shapes {@link GraphPainter}.
 */
final class GraphWidget extends Widget<Graph> {
  private static final double ZOOM_STEP = 1.25;
  private static final double MOVE = 60;

  /** A pointer that moved less has clicked. */
  private static final double LEAST_DRAG = 4;

  private static final Dimension2D NODE =
      new Dimension2D(GraphLayout.NODE_WIDTH, GraphLayout.NODE_HEIGHT);

  private final WrapRow bar = new WrapRow(14, 4);
  private final Drawing canvas = new Drawing(this::paint);
  private final Label nothing = Parts.label("There is nothing to show now.", "muted");
  private final StackPane graph = new StackPane(canvas, nothing);
  private final Label status = Parts.label("", "muted", "small");
  private final Label rest = Parts.label("", "muted", "small");
  private final HBox foot = new HBox(12);
  private final StackPane node = new StackPane();
  private final Tip tip = new Tip(node);
  private final Memo barMemo = new Memo();
  private final Memo footMemo = new Memo();
  private final Memo roomMemo = new Memo();
  private GraphModel model;
  private GraphLayout layout;
  private GraphLayout.Shape shape;
  private GraphCamera camera;

  /** What was moved or enlarged stays so until other nodes come. */
  private boolean touched;

  private String cursor = "";
  private String hover = "";
  private Point2D pressed;
  private GraphCamera pressedCamera;
  private boolean dragged;

  GraphWidget(WidgetHost host) {
    super(host, Graph.class);
    bar.setStyle("-fx-padding: 0 0 6 0;");
    graph.setStyle("-fx-border-color: -ha-border; -fx-border-radius: 4; -fx-padding: 1;");
    graph.setMinHeight(160);
    VBox.setVgrow(graph, Priority.ALWAYS);
    foot.setAlignment(Pos.CENTER_LEFT);
    foot.setMinHeight(26);
    foot.setStyle("-fx-padding: 4 0 0 0;");
    HBox.setHgrow(rest, Priority.ALWAYS);
    rest.setMaxWidth(Double.MAX_VALUE);
    rest.setAlignment(Pos.CENTER_RIGHT);
    node.getChildren().addFirst(new VBox(bar, graph, foot));
    canvas.setCursor(Cursor.OPEN_HAND);
    canvas.setOnMousePressed(this::onPressed);
    canvas.setOnMouseDragged(this::onDragged);
    canvas.setOnMouseReleased(this::onReleased);
    canvas.setOnMouseClicked(this::onClicked);
    canvas.setOnMouseMoved(this::onMoved);
    canvas.setOnMouseExited(event -> hoverAt("", null));
    canvas.setOnKeyPressed(this::onKey);
    canvas.addEventFilter(ScrollEvent.SCROLL, this::onScroll);
  }

  @Override
  public Region node() {
    return node;
  }

  @Override
  public void focus() {
    canvas.requestFocus();
  }

  @Override
  public String asText() {
    return model.csv();
  }

  @Override
  protected void update(Frame before) {
    model = new GraphModel(data());
    var selected = frame().selectedSite();
    boolean newly = before == null || !before.selectedSite().equals(selected);
    if (!selected.isEmpty() && newly) cursor = selected;
    if (model.node(cursor).isEmpty()) {
      cursor = data().nodes().isEmpty() ? "" : data().nodes().getFirst().id();
    }
    if (model.node(hover).isEmpty()) hoverAt("", null);
    var next = GraphLayout.Shape.of(data());
    if (!next.equals(shape)) {
      shape = next;
      layout = GraphLayout.of(next);
      touched = false;
      camera = null;
    }
    nothing.setVisible(data().nodes().isEmpty());
    buildBar();
    say();
    canvas.repaint();
  }

  private void buildBar() {
    boolean others =
        data().nodes().stream()
            .anyMatch(each -> !each.kind().isEmpty() && model.colourOf(each).isEmpty());
    if (!barMemo.changed(model.kinds(), others, theme())) return;
    bar.getChildren().clear();
    for (int at = 0; at < model.kinds().size(); at++) {
      bar.getChildren().add(Parts.key(theme().categorical(at), model.kinds().get(at)));
    }
    if (others) bar.getChildren().add(Parts.key(theme().muted(), "others"));
    var tools =
        new HBox(
            2,
            Parts.tool("−", "Smaller (−)", () -> zoomBy(1 / ZOOM_STEP)),
            Parts.tool("+", "Larger (+)", () -> zoomBy(ZOOM_STEP)),
            Parts.tool("Fit", "All of it (0)", this::fit));
    bar.getChildren().add(WrapRow.atEnd(tools));
  }

  private void say() {
    status.setText(model.sentence(cursor));
    rest.setText(data().rest());
    canvas.setAccessibleText(
        "%s: %d nodes, %d edges. %s"
            .formatted(
                frame().title(), data().nodes().size(), data().edges().size(), status.getText()));
    var source = model.node(cursor).filter(each -> !each.path().isEmpty());
    if (!footMemo.changed(source.map(each -> each.path() + ":" + each.line()).orElse(""))) return;
    foot.getChildren().setAll(status);
    source.ifPresent(
        each ->
            foot.getChildren().add(StackList.wholeSource(each.path(), each.line(), host, "small")));
    foot.getChildren().add(rest);
  }

  private Dimension2D room() {
    return new Dimension2D(canvas.getWidth(), canvas.getHeight());
  }

  private Dimension2D whole() {
    return new Dimension2D(layout.width(), layout.height());
  }

  private void paint(GraphicsContext context, double width, double height, double top) {
    if (layout == null) return;
    if (camera == null || (roomMemo.changed(width, height) && !touched)) {
      var point = layout.nodes().getOrDefault(cursor, Point2D.ZERO);
      camera = GraphCamera.begin(whole(), room(), point);
    }
    context.save();
    context.translate(camera.x(), camera.y());
    context.scale(camera.scale(), camera.scale());
    var state = new GraphPainter.State(cursor, frame().selectedSite(), hover);
    new GraphPainter(context, model, layout, theme(), state).paint();
    context.restore();
  }

  private void look(GraphCamera next) {
    camera = next;
    touched = true;
    canvas.repaint();
  }

  private void zoomBy(double factor) {
    if (camera == null) return;
    look(camera.zoomed(factor, new Point2D(canvas.getWidth() / 2, canvas.getHeight() / 2)));
  }

  private void fit() {
    look(GraphCamera.fit(whole(), room()));
  }

  // ---- what the user does

  private String nodeAt(MouseEvent event) {
    if (camera == null) return "";
    var at = camera.toPicture(event.getX(), event.getY());
    return layout.nodes().entrySet().stream()
        .filter(each -> Math.abs(each.getValue().getX() - at.getX()) <= NODE.getWidth() / 2)
        .filter(each -> Math.abs(each.getValue().getY() - at.getY()) <= NODE.getHeight() / 2)
        .map(java.util.Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  private void hoverAt(String id, MouseEvent event) {
    if (!id.equals(hover)) canvas.repaint();
    hover = id;
    var pointed = model == null ? Optional.<Graph.Node>empty() : model.node(id);
    if (pointed.isEmpty() || event == null) {
      tip.hide();
      return;
    }
    var at = node.screenToLocal(event.getScreenX(), event.getScreenY());
    tip.show(at.getX(), at.getY(), model.words(pointed.get()).parts());
  }

  private void onMoved(MouseEvent event) {
    hoverAt(nodeAt(event), event);
  }

  private void onPressed(MouseEvent event) {
    var id = nodeAt(event);
    if (event.getButton() == MouseButton.SECONDARY && !id.isEmpty()) moveTo(id);
    if (event.getButton() != MouseButton.PRIMARY || camera == null) return;
    pressed = new Point2D(event.getX(), event.getY());
    pressedCamera = camera;
    dragged = false;
  }

  private void onDragged(MouseEvent event) {
    if (pressed == null) return;
    double x = event.getX() - pressed.getX();
    double y = event.getY() - pressed.getY();
    if (!dragged && Math.hypot(x, y) < LEAST_DRAG) return;
    dragged = true;
    canvas.setCursor(Cursor.CLOSED_HAND);
    hoverAt("", null);
    look(pressedCamera.moved(x, y));
  }

  private void onReleased(MouseEvent event) {
    pressed = null;
    canvas.setCursor(Cursor.OPEN_HAND);
  }

  private void onClicked(MouseEvent event) {
    var id = nodeAt(event);
    if (dragged || id.isEmpty() || event.getButton() != MouseButton.PRIMARY) return;
    moveTo(id);
    if (event.isControlDown() || event.isMetaDown()) openSourceOf(id);
    else if (event.getClickCount() == 2) enter(id);
  }

  private void onScroll(ScrollEvent event) {
    if (camera == null || event.getDeltaY() == 0) return;
    double factor = event.getDeltaY() > 0 ? ZOOM_STEP : 1 / ZOOM_STEP;
    look(camera.zoomed(factor, new Point2D(event.getX(), event.getY())));
    event.consume();
  }

  private void onKey(KeyEvent event) {
    if (event.isControlDown() || event.isMetaDown() || event.isAltDown() || camera == null) return;
    boolean shift = event.isShiftDown();
    switch (event.getCode()) {
      case LEFT -> step(shift, MOVE, 0, model.before(cursor));
      case RIGHT -> step(shift, -MOVE, 0, model.behind(cursor));
      case UP -> step(shift, 0, MOVE, model.beside(cursor, -1, layout));
      case DOWN -> step(shift, 0, -MOVE, model.beside(cursor, 1, layout));
      case PLUS, EQUALS, ADD -> zoomBy(ZOOM_STEP);
      case MINUS, SUBTRACT -> zoomBy(1 / ZOOM_STEP);
      case DIGIT0, NUMPAD0 -> fit();
      case ENTER -> enter(cursor);
      case O -> openSourceOf(cursor);
      case BACK_SPACE, ESCAPE -> goBack();
      default -> {
        return;
      }
    }
    event.consume();
  }

  /** Along edges and layers; with Shift the picture moves. */
  private void step(boolean shift, double x, double y, String next) {
    if (shift) look(camera.moved(x, y));
    else moveTo(next);
  }

  private void moveTo(String id) {
    cursor = id;
    var point = layout.nodes().get(id);
    if (point != null) {
      var shown = camera.showing(point, NODE, room());
      if (!shown.equals(camera)) look(shown);
    }
    say();
    canvas.repaint();
  }

  private boolean leadsFurther() {
    return frame().offers("drill", "node");
  }

  /** Nodes lead further where the frame says so. */
  private void enter(String id) {
    if (leadsFurther()) act("drill", id);
  }

  private void openSourceOf(String id) {
    model.node(id).ifPresent(each -> openSource(each.path(), each.line(), "node"));
  }

  @Override
  public List<Choice> choices() {
    var choices = new ArrayList<Choice>();
    var here = model.node(cursor);
    if (here.isEmpty()) return choices;
    // Of this node, wherever a frame moves the cursor while the menu is open.
    var id = cursor;
    choices.addAll(offered("node", Set.of(), action -> act(action, id)));
    if (!here.get().path().isEmpty()) {
      choices.add(new Choice("Open the source", () -> openSourceOf(id)));
    }
    var name = here.get().title();
    choices.add(new Choice("Copy the name", () -> host.copyText(name, name)));
    return choices;
  }
}
