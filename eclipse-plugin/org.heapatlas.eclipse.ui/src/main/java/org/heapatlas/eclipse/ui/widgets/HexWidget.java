package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import javafx.application.Platform;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.heapatlas.eclipse.view.Address;
import org.heapatlas.eclipse.view.AddressRange;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Hex;

/**
 * Memory as bytes. The server sends the window that fits; the cursor is this widget's own, an
 * address, so that it moves without waiting, and is named as the target of what is done with a
 * byte. Nothing is written into a program before it was confirmed.
 */
final class HexWidget extends Widget<Hex> {
  private static final int ROWS_A_NOTCH = 3;
  private static final int LEAST_ROWS = 4;

  /** Sixteen columns with their letters need this many pixels. */
  private static final double WIDE = 600;

  private static final double SIDE_BY_SIDE = 620;

  /**
   * Done by keys, fields and buttons of this widget's own; the frame's other actions on a byte are
   * buttons.
   */
  private static final Set<String> OWN_ACTIONS =
      Set.of("go", "show", "scroll", "follow", "back", "forward", "search", "write");

  private final Button back = Parts.button("←", () -> actOnByte("back"));
  private final Button forward = Parts.button("→", () -> actOnByte("forward"));
  private final TextField goField = field("0x…, +16", "Go to an address (Ctrl+G)");
  private final TextField searchField =
      field("7f 45 or \"text\"", "Search bytes or text from the cursor on (Ctrl+F)");
  private final WrapRow bar = new WrapRow(6, 4);
  private final Drawing grid = new Drawing(this::paint);
  private final VBox values = new VBox(6);
  private final ScrollPane panel = new ScrollPane(values);
  private final HBox beside = new HBox(14);
  private final VBox below = new VBox(8);
  private final Label status = Parts.label("", "muted", "small");
  private final Label why = Parts.wrapped("", "muted", "small");
  private final Label note = Parts.wrapped("", "muted", "small");
  private final WrapRow legend = new WrapRow(14, 2);
  private final VBox node = new VBox(8);
  private final Memo barMemo = new Memo();
  private final Memo legendMemo = new Memo();
  private final Memo panelMemo = new Memo();
  private HexModel model;
  private HexPainter painter;
  private long cursor;

  /** Where a selection began that reaches to the cursor, or null. */
  private Long anchor;

  private HexEdit edit;
  private int visit = -1;
  private List<Integer> shownSize = List.of();
  private List<Integer> askedSize = List.of();
  private double turned;
  private boolean turning;

  HexWidget(WidgetHost host) {
    super(host, Hex.class);
    back.setTooltip(new Tooltip("Back (Alt+←)"));
    forward.setTooltip(new Tooltip("Forward (Alt+→)"));
    goField.setOnAction(event -> go(goField.getText()));
    searchField.setOnAction(event -> actOnByte("search", Map.of("text", searchField.getText())));
    grid.setOnKeyPressed(this::onKey);
    grid.setOnKeyTyped(this::onTyped);
    grid.setOnMousePressed(event -> onPointer(event, event.isShiftDown()));
    grid.setOnMouseDragged(event -> onPointer(event, true));
    grid.setOnMouseClicked(this::onClicked);
    grid.addEventFilter(ScrollEvent.SCROLL, this::onScroll);
    values.setPadding(new Insets(0, 4, 0, 12));
    panel.setFitToWidth(true);
    panel.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    panel.setStyle("-fx-border-color: transparent transparent transparent -ha-border;");
    HBox.setHgrow(grid, Priority.ALWAYS);
    VBox.setVgrow(grid, Priority.ALWAYS);
    VBox.setVgrow(beside, Priority.ALWAYS);
    VBox.setVgrow(below, Priority.ALWAYS);
    node.widthProperty().addListener((width, before, now) -> arrange(now.doubleValue()));
    arrange(WIDE + 100);
  }

  private static TextField field(String prompt, String title) {
    var field = new TextField();
    field.setPromptText(prompt);
    field.setTooltip(new Tooltip(title));
    field.setAccessibleText(title);
    field.setMinWidth(150);
    field.setMaxWidth(230);
    return WrapRow.grow(field);
  }

  /** The values stand beside the bytes where there is room, else below them. */
  private void arrange(double width) {
    boolean wide = width > SIDE_BY_SIDE;
    if (wide == beside.getChildren().contains(grid)) return;
    beside.getChildren().clear();
    below.getChildren().clear();
    grid.setMinHeight(wide ? 0 : 160);
    panel.setMinWidth(wide ? 250 : 0);
    panel.setPrefWidth(250);
    panel.setMinHeight(wide ? 0 : 60);
    panel.setPrefHeight(wide ? Region.USE_COMPUTED_SIZE : 180);
    (wide ? beside : below).getChildren().setAll(grid, panel);
    build();
  }

  @Override
  public Region node() {
    return node;
  }

  @Override
  public void focus() {
    grid.requestFocus();
  }

  @Override
  public String asText() {
    return model.csv();
  }

  @Override
  protected void update(Frame before) {
    model = new HexModel(data());
    showSize(List.of(data().columns(), data().rows()));
    turning = false;
    if (data().visit() != visit) {
      visit = data().visit();
      cursor = data().at();
      anchor = null;
      edit = null;
    }
    buildBar();
    build();
    say();
    turn(0);
    grid.repaint();
  }

  /**
   * A view changes its size only to the one that was asked for; with another one, or with fewer
   * journeys behind it, it has begun anew, and is asked again.
   */
  private void showSize(List<Integer> size) {
    if (!size.equals(shownSize) || data().visit() < visit) askedSize = List.of();
    shownSize = size;
  }

  private void askForWindow(double width, double height) {
    int rows = Math.max(LEAST_ROWS, (int) (height / HexPainter.ROW) - 1);
    var wanted = List.of(width < WIDE ? 8 : 16, rows);
    if (wanted.equals(askedSize)) return;
    askedSize = wanted;
    if (wanted.equals(shownSize)) return;
    // Not while it is being laid out: the answer may come at once.
    Platform.runLater(
        () -> act("window", "", Map.of("columns", wanted.get(0), "rows", wanted.get(1))));
  }

  private boolean can(String action) {
    return frame().offers(action);
  }

  private void buildBar() {
    back.setDisable(!can("back"));
    forward.setDisable(!can("forward"));
    if (!barMemo.changed(frame().actions())) return;
    var parts = new ArrayList<Node>(List.of(back, forward, goField));
    if (can("search")) parts.add(searchField);
    for (var action : othersOnByte()) {
      parts.add(Parts.button(action.title(), () -> actOnByte(action.id())));
    }
    parts.add(Parts.tool("Copy", "Copy what is selected as hex (Ctrl+C)", this::copy));
    bar.getChildren().setAll(parts);
  }

  private List<Frame.Action> othersOnByte() {
    return frame().actions().stream()
        .filter(action -> action.on().equals("byte") && !OWN_ACTIONS.contains(action.id()))
        .toList();
  }

  private void build() {
    var parts = new ArrayList<Node>();
    parts.add(bar);
    if (edit != null) {
      parts.add(HexPanel.confirmation(edit, data().program(), this::write, () -> setEdit(null)));
    }
    parts.add(beside.getChildren().isEmpty() ? below : beside);
    parts.add(status);
    if (data() != null && !data().why().isEmpty()) parts.add(why);
    if (data() != null && !data().note().isEmpty()) parts.add(note);
    parts.add(legend);
    if (!node.getChildren().equals(parts)) node.getChildren().setAll(parts);
  }

  private void say() {
    var index = model.indexOf(cursor);
    status.setText(index.isPresent() ? model.sentence(index.getAsInt()) : "");
    status.setMinHeight(18);
    why.setText(HexModel.UNREADABLE + ": " + data().why());
    note.setText(data().note());
    grid.setAccessibleText(frame().title() + ": " + status.getText());
    if (panelMemo.changed(data(), cursor)) {
      values.getChildren().setAll(HexPanel.values(model, index, this::follow));
    }
    if (legendMemo.changed(data().spans(), data().compared(), theme())) {
      legend.getChildren().setAll(HexPanel.legend(model, theme()));
    }
  }

  private void paint(GraphicsContext context, double width, double height, double top) {
    askForWindow(width, height);
    painter = new HexPainter(model, theme(), width);
    int at = model.indexOf(cursor).orElse(-1);
    long from = anchor == null ? cursor : anchor;
    long first = Long.compareUnsigned(from, cursor) < 0 ? from : cursor;
    long last = Long.compareUnsigned(from, cursor) < 0 ? cursor : from;
    var look =
        new HexPainter.Look(
            at,
            clampedIndex(first),
            anchor == null ? clampedIndex(first) : clampedIndex(last),
            edit,
            grid.isFocused());
    painter.paint(context, look);
  }

  /** The nearest byte of the window. */
  private int clampedIndex(long address) {
    var index = model.indexOf(address);
    if (index.isPresent()) return index.getAsInt();
    return Long.compareUnsigned(address, data().from()) < 0 ? 0 : data().bytes().size() - 1;
  }

  // ---- what the user does

  private void actOnByte(String action) {
    actOnByte(action, Map.of());
  }

  private void actOnByte(String action, Map<String, Object> details) {
    act(action, Address.toWire(cursor), details);
  }

  private void moveTo(long address, boolean selecting) {
    long before = cursor;
    cursor = address;
    anchor = selecting ? (anchor == null ? Long.valueOf(before) : anchor) : null;
    say();
    grid.repaint();
    if (model.indexOf(cursor).isEmpty()) actOnByte("show");
  }

  /** Neither before the first address nor behind the last. */
  private void moveBy(long by, boolean selecting) {
    boolean over =
        by < 0 ? Long.compareUnsigned(cursor, -by) < 0 : Long.compareUnsigned(-1 - cursor, by) < 0;
    if (over) moveTo(by < 0 ? 0 : -1, selecting);
    else moveTo(cursor + by, selecting);
  }

  private OptionalInt byteAt(MouseEvent event) {
    return painter == null ? OptionalInt.empty() : painter.byteAt(event.getX(), event.getY());
  }

  private void onPointer(MouseEvent event, boolean selecting) {
    if (event.getButton() == MouseButton.MIDDLE) return;
    byteAt(event)
        .ifPresent(
            index -> {
              if (edit != null) setEdit(null);
              long address = model.addressOf(index);
              // The menu is about what is selected, where it is asked for there.
              boolean menu = event.getButton() == MouseButton.SECONDARY;
              if (!menu || anchor == null || !watched().contains(address)) {
                moveTo(address, selecting && !menu);
              }
            });
  }

  private void onClicked(MouseEvent event) {
    if (event.getButton() != MouseButton.PRIMARY || event.getClickCount() != 2) return;
    byteAt(event).ifPresent(index -> follow(model.wordAt(index)));
  }

  private void onScroll(ScrollEvent event) {
    if (event.isControlDown() || event.getDeltaY() == 0) return;
    turn(-Math.signum(event.getDeltaY()) * ROWS_A_NOTCH);
    event.consume();
  }

  /** While an answer is awaited, what the wheel turns is gathered. */
  private void turn(double rows) {
    turned += rows;
    if (turning || turned == 0) return;
    turning = true;
    int now = (int) turned;
    turned = 0;
    actOnByte("scroll", Map.of("rows", now));
  }

  private void go(String text) {
    if (!text.isBlank()) act("go", text.strip(), Map.of("at", Address.toWire(cursor)));
    grid.requestFocus();
  }

  private void follow(int index) {
    act("follow", Address.toWire(model.addressOf(index)));
  }

  private void setEdit(HexEdit next) {
    cursor = next != null ? next.cursor() : edit != null ? edit.at() : cursor;
    edit = next;
    anchor = null;
    build();
    say();
    grid.repaint();
  }

  private void write() {
    if (edit == null || !edit.isWhole()) return;
    act("write", Address.toWire(edit.at()), Map.of("bytes", edit.digits()));
    setEdit(null);
  }

  private void copy() {
    long from = anchor == null ? cursor : anchor;
    int one = clampedIndex(from);
    int other = clampedIndex(cursor);
    int first = Math.min(one, other);
    int last = Math.max(one, other);
    int count = last - first + 1;
    host.copyText(model.copied(first, last), count == 1 ? "The byte" : count + " bytes");
  }

  private void onTyped(KeyEvent event) {
    var typed = event.getCharacter();
    if (event.isControlDown() || event.isAltDown() || event.isMetaDown()) return;
    if (!typed.matches("[0-9a-fA-F]") || !can("write")) return;
    setEdit((edit == null ? new HexEdit(cursor, "") : edit).typed(typed));
    event.consume();
  }

  private void onKey(KeyEvent event) {
    boolean done =
        event.isControlDown() || event.isMetaDown()
            ? onControlKey(event.getCode())
            : event.isAltDown() ? onAltKey(event.getCode()) : onPlainKey(event);
    if (done) event.consume();
  }

  private boolean onControlKey(KeyCode code) {
    switch (code) {
      case G -> goField.requestFocus();
      case F -> searchField.requestFocus();
      case C -> copy();
      case HOME -> data().mappingAround().ifPresent(map -> go(Address.toWire(map.from())));
      case END -> data().mappingAround().ifPresent(map -> go(Address.toWire(map.to() - 1)));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean onAltKey(KeyCode code) {
    if (code == KeyCode.LEFT && can("back")) actOnByte("back");
    else if (code == KeyCode.RIGHT && can("forward")) actOnByte("forward");
    else return false;
    return true;
  }

  private boolean onPlainKey(KeyEvent event) {
    int columns = data().columns();
    boolean selecting = event.isShiftDown();
    long column = Long.remainderUnsigned(cursor - data().from(), columns);
    switch (event.getCode()) {
      case LEFT -> moveBy(-1, selecting);
      case RIGHT -> moveBy(1, selecting);
      case UP -> moveBy(-columns, selecting);
      case DOWN -> moveBy(columns, selecting);
      case PAGE_UP -> page(-data().rows());
      case PAGE_DOWN -> page(data().rows());
      case HOME -> moveBy(-column, selecting);
      case END -> moveBy(columns - 1 - column, selecting);
      case ENTER -> {
        if (edit != null) write();
        else model.indexOf(cursor).ifPresent(index -> follow(model.wordAt(index)));
      }
      case ESCAPE -> setEdit(null);
      case BACK_SPACE -> {
        if (edit == null) return false;
        setEdit(edit.shortened().orElse(null));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void page(int rows) {
    long by = (long) rows * data().columns();
    boolean over =
        by < 0 ? Long.compareUnsigned(cursor, -by) < 0 : Long.compareUnsigned(-1 - cursor, by) < 0;
    if (!over) cursor += by;
    anchor = null;
    turn(rows);
    say();
    grid.repaint();
  }

  @Override
  public List<Choice> choices() {
    var choices = new ArrayList<Choice>();
    var index = model.indexOf(cursor);
    if (index.isPresent() && model.pointerAt(index.getAsInt()).isPresent()) {
      choices.add(new Choice("Follow the pointer", () -> follow(model.wordAt(index.getAsInt()))));
    }
    for (var action : othersOnByte()) {
      choices.add(new Choice(action.title(), () -> actOnByte(action.id())));
    }
    choices.add(new Choice("Copy the bytes", this::copy));
    choices.addAll(onBytes(cursor, watched()));
    return choices;
  }

  /** What is selected; else the word from the cursor on. */
  private AddressRange watched() {
    if (anchor == null) return new AddressRange(cursor, cursor + Long.BYTES);
    boolean ahead = Long.compareUnsigned(anchor, cursor) < 0;
    return new AddressRange(ahead ? anchor : cursor, (ahead ? cursor : anchor) + 1);
  }
}
