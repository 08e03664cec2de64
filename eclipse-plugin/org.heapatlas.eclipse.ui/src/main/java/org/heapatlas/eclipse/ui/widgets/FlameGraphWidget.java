package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import org.heapatlas.eclipse.ui.widgets.GroupColours.Group;
import org.heapatlas.eclipse.ui.widgets.GroupColours.Grouping;
import org.heapatlas.eclipse.view.FlameGraph;
import org.heapatlas.eclipse.view.Frame;

/**
 * The flame graph: call stacks as rows of boxes, callers on top, as wide as what they hold. The
 * server zooms: it then knows what was too thin before. Geometry is {@link FlameModel}, pixels
 * {@link FlameGraphPainter}.
 */
final class FlameGraphWidget extends Widget<FlameGraph> {
  /** How much of a colour is laid over the ground, so that names can be read on it. */
  private static final double TINT = 0.4;

  private static final double NO_HUE = 0.14;
  private static final int LEGEND_GROUPS = 6;

  private final HBox metrics = new HBox();
  private final ComboBox<Grouping> grouping = new ComboBox<>();
  private final TextField search = new TextField();
  private final Label found = Parts.label("", "muted", "small");
  private final WrapRow legend = new WrapRow(14, 2);
  private final Drawing flames = new Drawing(this::paint);
  private final Label status = Parts.label("", "muted", "small");
  private final HBox foot = new HBox(12, status);
  private final StackPane node = new StackPane();
  private final Tip tip = new Tip(node);
  private final Memo barMemo = new Memo();
  private final Memo legendMemo = new Memo();
  private final Memo footMemo = new Memo();
  private GroupColours colours = new GroupColours(Grouping.MODULE);
  private FlameModel model;
  private Optional<FlameModel.Found> matches = Optional.empty();
  private String place = "";
  private int cursor;
  private int hover = -1;

  FlameGraphWidget(WidgetHost host) {
    super(host, FlameGraph.class);
    grouping.getItems().setAll(Grouping.values());
    grouping.setValue(Grouping.MODULE);
    grouping.setOnAction(event -> regroup());
    grouping.setMinWidth(Region.USE_PREF_SIZE);
    search.setPromptText("Search functions");
    search.setAccessibleText("Search functions");
    search.setPrefWidth(220);
    search.setMinWidth(80);
    search.textProperty().addListener((text, before, now) -> find());
    search.setOnKeyPressed(this::onSearchKey);
    var byColour = new HBox(6, Parts.label("Colour by", "muted", "small"), grouping);
    var searching = new HBox(8, search, found);
    for (var row : List.of(byColour, searching, foot)) row.setAlignment(Pos.CENTER_LEFT);
    searching.setMinWidth(220);
    var bar = new WrapRow(12, 6, metrics, byColour, WrapRow.grow(searching));
    bar.setStyle("-fx-padding: 0 0 6 0;");
    legend.setStyle("-fx-padding: 0 0 6 0;");
    foot.setMinHeight(26);
    VBox.setVgrow(flames, Priority.ALWAYS);
    node.getChildren().addFirst(new VBox(bar, legend, flames, foot));
    flames.setOnMouseMoved(event -> hoverAt(nodeAt(event), event));
    flames.setOnMouseExited(event -> hoverAt(-1, null));
    flames.setOnMousePressed(this::onPressed);
    flames.setOnKeyPressed(this::onKey);
  }

  @Override
  public Region node() {
    return node;
  }

  @Override
  public void focus() {
    flames.requestFocus();
  }

  @Override
  public String asText() {
    return model.csv();
  }

  @Override
  protected void update(Frame before) {
    takeModel(new FlameModel(data()));
    if (barMemo.changed(data().metrics(), data().metric())) {
      metrics
          .getChildren()
          .setAll(Parts.metricSwitch(data().metrics(), data().metric(), id -> act("metric", id)));
    }
    flames.setContentHeight(model.rows().size() * FlameGraphPainter.ROW);
    buildLegend(colours.assign(model));
    find();
  }

  /**
   * The cursor stays at its function; after going back it stands at what was zoomed into before.
   */
  private void takeModel(FlameModel next) {
    var crumbs = frame().breadcrumbs();
    var now = crumbs.size() < 2 ? "" : crumbs.getLast().target();
    var before = model == null ? "" : model.target(cursor);
    if (now.equals(place)) cursor = next.find(before);
    else {
      var rest =
          place.startsWith(now) ? place.substring(now.length()).replaceFirst("^\\.", "") : "";
      cursor = next.find(rest);
      flames.scrollTo(0);
    }
    place = now;
    model = next;
    if (hover >= next.count()) hover = -1;
  }

  private void regroup() {
    colours = new GroupColours(grouping.getValue());
    buildLegend(colours.assign(model));
    flames.repaint();
  }

  private void buildLegend(List<Group> groups) {
    if (!legendMemo.changed(groups, theme())) return;
    var shown =
        groups.stream().filter(group -> group.colour().isPresent()).limit(LEGEND_GROUPS).toList();
    var keys = new ArrayList<Node>();
    for (var group : shown) keys.add(Parts.key(tint(group.colour()), group.name()));
    int others = groups.size() - shown.size();
    if (others > 0) keys.add(Parts.key(tint(Optional.empty()), others + " more"));
    legend.getChildren().setAll(keys);
  }

  private Color tint(Optional<Integer> colour) {
    return colour
        .map(number -> Palette.blend(theme().categorical(number), theme().ground(), TINT))
        .orElseGet(() -> Palette.blend(theme().text(), theme().ground(), NO_HUE));
  }

  private void find() {
    matches = model.search(search.getText());
    found.setText(matches.map(model::foundSentence).orElse(""));
    say();
    flames.repaint();
  }

  private void say() {
    int told = hover >= 0 ? hover : cursor;
    status.setText(model.width() > 0 ? model.sentence(told) : "Nothing is held here now.");
    flames.setAccessibleText(
        "%s, widths by %s. %s"
            .formatted(frame().title(), model.metric().title(), status.getText()));
    var function = model.functionOf(told).filter(f -> !f.path().isEmpty());
    if (!footMemo.changed(function.map(f -> f.path() + ":" + f.line()).orElse(""))) return;
    foot.getChildren().setAll(status);
    function.ifPresent(
        f -> foot.getChildren().add(StackList.wholeSource(f.path(), f.line(), host, "small")));
  }

  private void paint(GraphicsContext context, double width, double height, double top) {
    var fills =
        data().functions().stream().map(function -> tint(colours.numberOf(function))).toList();
    var marked = matches.map(FlameModel.Found::nodes).orElse(null);
    var scene =
        new FlameGraphPainter.Scene(
            model, fills, tint(Optional.empty()), marked, cursor, hover, theme());
    new FlameGraphPainter(context, scene, width).paint(top, height);
  }

  // ---- what the user does

  private int nodeAt(MouseEvent event) {
    if (model == null || flames.room() <= 0) return -1;
    double value = event.getX() / flames.room() * model.width();
    return model.nodeAt(value, (int) ((event.getY() + flames.scrollTop()) / FlameGraphPainter.ROW));
  }

  private void hoverAt(int pointed, MouseEvent event) {
    if (pointed != hover) {
      hover = pointed;
      say();
      flames.repaint();
    }
    if (hover < 0 || event == null) {
      tip.hide();
      return;
    }
    var at = node.screenToLocal(event.getScreenX(), event.getScreenY());
    tip.show(at.getX(), at.getY(), model.words(hover).parts());
  }

  private void onPressed(MouseEvent event) {
    int pressed = nodeAt(event);
    if (pressed < 0) return;
    moveTo(pressed);
    if (event.getButton() != MouseButton.PRIMARY) return;
    if (event.isControlDown() || event.isMetaDown()) openSourceOf(pressed);
    else zoom(pressed);
  }

  private void zoom(int into) {
    zoomTo(model.target(into));
  }

  private void zoomTo(String target) {
    if (target.isEmpty()) goBack();
    else act("drill", target);
  }

  private void openSourceOf(int of) {
    model
        .functionOf(of)
        .ifPresentOrElse(
            f -> openSource(f.path(), f.line(), "function"),
            () -> host.notice("No source line is known of this function."));
  }

  private void onKey(KeyEvent event) {
    if (event.isControlDown() || event.isMetaDown() || event.isAltDown()) return;
    switch (event.getCode()) {
      case UP -> moveTo(model.caller(cursor));
      case DOWN -> moveTo(model.firstCallee(cursor));
      case LEFT -> moveTo(model.beside(cursor, -1));
      case RIGHT -> moveTo(model.beside(cursor, 1));
      case HOME -> moveTo(0);
      case ENTER -> zoom(cursor);
      case O -> openSourceOf(cursor);
      case ESCAPE -> {
        if (search.getText().isEmpty()) goBack();
        else search.clear();
      }
      case BACK_SPACE -> goBack();
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void moveTo(int next) {
    cursor = next;
    double top = model.depth(next) * FlameGraphPainter.ROW;
    flames.reveal(top, top + FlameGraphPainter.ROW);
    say();
    flames.repaint();
  }

  private void onSearchKey(KeyEvent event) {
    if (event.getCode() == KeyCode.ENTER) moveToFound(event.isShiftDown());
    else if (event.getCode() == KeyCode.ESCAPE && !search.getText().isEmpty()) search.clear();
    else return;
    event.consume();
  }

  private void moveToFound(boolean back) {
    if (matches.isEmpty() || matches.get().nodes().isEmpty()) return;
    var nodes = matches.get().nodes();
    int next = back ? nodes.previousSetBit(cursor - 1) : nodes.nextSetBit(cursor + 1);
    if (next < 0) next = back ? nodes.length() - 1 : nodes.nextSetBit(0);
    moveTo(next);
  }

  @Override
  public List<Choice> choices() {
    var choices = new ArrayList<Choice>();
    // Of this node, wherever a frame moves the cursor while the menu is open.
    var name = model.name(cursor);
    var target = model.target(cursor);
    choices.add(new Choice("Zoom into " + name, () -> zoomTo(target)));
    model
        .functionOf(cursor)
        .filter(f -> !f.path().isEmpty())
        .map(f -> new Choice("Open the source", () -> openSource(f.path(), f.line(), "function")))
        .ifPresent(choices::add);
    choices.addAll(offered("node", Set.of("drill"), action -> act(action, target)));
    choices.add(new Choice("Copy the name", () -> host.copyText(name, name)));
    return choices;
  }
}
