package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Dimension2D;
import javafx.geometry.Insets;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.SnapshotParameters;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.image.Image;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.WidgetKind;

/**
 * The frame around every widget: title, breadcrumbs, actions, coverage, and what shows instead of
 * data — loading, empty, failed; and what can be done with every widget: to copy it. It knows no
 * widget kind: it asks the registry. Confined to the JavaFX thread.
 */
public final class WidgetPane extends StackPane {
  public enum Look {
    /** In a box with a head. */
    FRAMED,
    /** Cards stand without a box of their own; coverage stands below. */
    BARE,
    /** The widget alone: it says itself what stands around others. */
    PLAIN
  }

  private static final String STYLE_SHEET =
      WidgetPane.class.getResource("widgets.css").toExternalForm();

  private final WidgetHost host;
  private final Look look;
  private final BorderPane box = new BorderPane();
  private final ContextMenu menu = new ContextMenu();
  private final Memo aroundMemo = new Memo();
  private Theme theme = Theme.LIGHT;
  private String heading = "";
  private String failure = "";
  private String stale = "";
  private Frame frame;
  private Region content;
  private Widget<?> widget;
  private WidgetKind kind;

  public WidgetPane(WidgetHost host, Look look) {
    this.host = host;
    this.look = look;
    getStyleClass().add("heapatlas");
    getStylesheets().add(STYLE_SHEET);
    if (look == Look.FRAMED) box.getStyleClass().add("framed");
    box.setMinSize(0, 0);
    getChildren().add(box);
    setMinSize(0, 0);
    setOnContextMenuRequested(
        event -> {
          openMenu(event);
          event.consume();
        });
    setOnMousePressed(event -> menu.hide());
    setTheme(Theme.LIGHT);
  }

  public void setTheme(Theme next) {
    theme = next;
    setStyle(next.style());
    draw();
  }

  /** The view's title until the frame brings its own. */
  public void setHeading(String title) {
    heading = title;
    draw();
  }

  /** The newest frame; null while it is awaited. */
  public void setFrame(Frame next) {
    frame = next;
    failure = "";
    draw();
  }

  /** Why no frame can come, in one sentence. */
  public void setFailure(String sentence) {
    failure = sentence;
    draw();
  }

  /** Why what shows is old, in one sentence; empty: it is not. */
  public void setStale(String why) {
    // Each frame says that it is not, and is drawn itself.
    if (why.equals(stale)) return;
    stale = why;
    var note = Parts.wrapped(why, "muted", "small");
    note.setPadding(new Insets(4, 6, 4, 6));
    box.setBottom(why.isEmpty() ? null : note);
    draw();
  }

  /** As it was set. */
  public String stale() {
    return stale;
  }

  public Optional<Frame> frame() {
    return Optional.ofNullable(frame);
  }

  /** The room that the widget has, for a server that sends no more than it can show. */
  public Dimension2D viewport() {
    return new Dimension2D(content.getWidth(), content.getHeight());
  }

  /** Puts the keyboard's focus into the widget. */
  public void focusWidget() {
    shown().ifPresentOrElse(Widget::focus, this::requestFocus);
  }

  public void copyData() {
    shown().ifPresent(w -> host.copyText(w.asText(), name() + " as " + w.format()));
  }

  public void copyPicture() {
    shown().ifPresent(w -> host.copyPicture(w.picture().orElseGet(this::photograph), name()));
  }

  /** The pane as it stands, in the pixels of the screen. */
  public Image photograph() {
    var parameters = new SnapshotParameters();
    parameters.setFill(theme.ground());
    return snapshot(parameters, null);
  }

  private String name() {
    return frame == null || frame.title().isEmpty() ? heading : frame.title();
  }

  /** The widget, where its data are what is seen. */
  private Optional<Widget<?>> shown() {
    return showsData() ? Optional.of(widget) : Optional.empty();
  }

  private boolean showsData() {
    return failure.isEmpty()
        && frame != null
        && frame.error().isEmpty()
        && frame.data() != null
        && frame.kind().isPresent();
  }

  private void draw() {
    var next = content();
    next.getStyleClass().remove("stale");
    if (!stale.isEmpty()) next.getStyleClass().add("stale");
    setAccessibleText(name());
    boolean other = next != content;
    content = next;
    if (!aroundMemo.changed(aroundOf()) && !other) return;
    if (look == Look.BARE) {
      // What says the coverage stands right below the cards, wherever these end.
      box.setCenter(new VBox(content, under()));
      return;
    }
    box.setCenter(content);
    if (look == Look.FRAMED) box.setTop(head());
    else box.setRight(beside());
  }

  /** What stands around the widget; only when that changed it is built anew. */
  private Object[] aroundOf() {
    return frame == null
        ? new Object[] {heading, failure}
        : new Object[] {
          name(),
          failure,
          frame.error(),
          frame.breadcrumbs(),
          frame.progress(),
          frame.coverage(),
          frame.actions(),
          showsData(),
          frame.widget()
        };
  }

  private Optional<Node> coverage() {
    return frame == null
            || frame.coverage() == null
            || !frame.error().isEmpty()
            || !failure.isEmpty()
        ? Optional.empty()
        : Optional.of(PaneHead.coverage(frame.coverage(), look == Look.BARE));
  }

  private Node head() {
    var atEnd = new ArrayList<Node>();
    coverage().ifPresent(atEnd::add);
    if (frame != null) {
      for (var action : PaneHead.buttonsOf(frame)) {
        atEnd.add(Parts.button(action.title(), () -> host.act(new Act(action.id()))));
      }
    }
    var tools = new HBox(copyTools().toArray(Node[]::new));
    atEnd.add(tools);
    return PaneHead.of(name(), frame, host, atEnd);
  }

  private Node under() {
    var row = new HBox(10);
    row.setStyle("-fx-padding: 4 6 0 2;");
    coverage().ifPresent(row.getChildren()::add);
    row.getChildren().add(Parts.spring());
    row.getChildren().addAll(copyTools());
    return row;
  }

  private Node beside() {
    return new VBox(copyTools().toArray(Node[]::new));
  }

  private List<Node> copyTools() {
    return shown()
        .map(w -> PaneHead.copyTools(w.format(), this::copyPicture, this::copyData))
        .orElse(List.of());
  }

  private Region content() {
    if (!failure.isEmpty()) return MessageView.failed(failure);
    if (frame == null) return loading();
    if (!frame.error().isEmpty()) return MessageView.failed(frame.error());
    if (!frame.empty().isEmpty() && frame.data() == null) return MessageView.none(frame.empty());
    if (frame.kind().isEmpty()) {
      return MessageView.failed(
          "It is a '%s', which this workbench cannot draw; update HeapAtlas."
              .formatted(frame.widget()));
    }
    if (frame.data() == null) {
      return MessageView.none("The server sent no data for this view.");
    }
    return drawn(frame.kind().get());
  }

  private Region loading() {
    return look == Look.PLAIN
        ? Parts.label("Waiting for the first data…", "muted", "small")
        : MessageView.loading(heading, look == Look.BARE);
  }

  private Region drawn(WidgetKind wanted) {
    if (kind != wanted) {
      kind = wanted;
      widget = Widgets.create(wanted, host);
    }
    widget.show(frame, theme);
    var node = widget.node();
    HBox.setHgrow(node, Priority.ALWAYS);
    return node;
  }

  /** Asked for with the keyboard, it is where the cursor is. */
  private void openMenu(ContextMenuEvent event) {
    menu.getItems().setAll(menuItems());
    if (menu.getItems().isEmpty()) return;
    var pointer = new Point2D(event.getScreenX(), event.getScreenY());
    var at =
        event.isKeyboardTrigger() ? shown().flatMap(Widget::cursorPlace) : Optional.of(pointer);
    menu.show(this, at.orElse(pointer).getX(), at.orElse(pointer).getY());
  }

  /** What it offers for what has the cursor, and for the view. */
  public List<MenuItem> menuItems() {
    var items = new ArrayList<MenuItem>();
    shown()
        .ifPresent(
            w -> {
              for (var choice : w.choices()) items.add(item(choice.title(), choice.deed()));
              if (!items.isEmpty()) items.add(new SeparatorMenuItem());
            });
    if (frame != null) {
      frame
          .back()
          .ifPresent(
              crumb ->
                  items.add(
                      item(
                          "Back to " + crumb.title(),
                          () -> host.act(new Act("back", crumb.target())))));
      for (var action : PaneHead.buttonsOf(frame)) {
        items.add(item(action.title(), () -> host.act(new Act(action.id()))));
      }
    }
    shown()
        .ifPresent(
            w -> {
              items.add(item("Copy as " + w.format(), this::copyData));
              items.add(item("Copy as image", this::copyPicture));
            });
    return items;
  }

  private static MenuItem item(String title, Runnable deed) {
    var item = new MenuItem(title);
    item.setMnemonicParsing(false);
    item.setOnAction(event -> deed.run());
    return item;
  }
}
