package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javafx.animation.PauseTransition;
import javafx.application.Platform;
import javafx.geometry.Point2D;
import javafx.geometry.Pos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;
import javafx.util.Duration;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Table;
import org.heapatlas.eclipse.view.Table.Column;
import org.heapatlas.eclipse.view.Table.Row;

/**
 * The table: rows of a window that the server sends, sorted and filtered there. Only rows in sight
 * are drawn, however many the table has.
 */
final class TableWidget extends Widget<Table> {
  private static final Duration FILTER_DELAY = Duration.millis(200);
  private static final double MARGIN = 12;
  private static final double ACTIONS = 40;
  private static final double DETAIL_INDENT = 26;

  private final TextField filter = new TextField();
  private final Label count = Parts.label("", "muted", "small");
  private final Pane head = new Pane();
  private final Drawing body = new Drawing(this::paint);
  private final Pane details = new Pane();
  private final StackPane rowsBox = new StackPane(body, details);
  private final Label nothing = Parts.label("", "muted");
  private final VBox wide = new VBox(head, rowsBox);
  private final ScrollPane across = new ScrollPane(wide);
  private final QueryField query =
      new QueryField(sql -> act("query", "", Map.of("sql", sql)), host::export);
  private final HBox tools = new HBox(10, filter, count);
  private final VBox node = new VBox(8, tools, across);
  private final PauseTransition pause = new PauseTransition(FILTER_DELAY);
  private final Tooltip tooltip = new Tooltip();
  private final Memo headMemo = new Memo();
  private final Set<String> expanded = new HashSet<>();
  private final Map<Row, Region> detailNodes = new HashMap<>();
  private TableRows rows;
  private int focused;
  private int hovered = -1;
  private Optional<TableModel.Window> asked = Optional.empty();

  TableWidget(WidgetHost host) {
    super(host, Table.class);
    tools.setAlignment(Pos.CENTER_LEFT);
    filter.setPrefWidth(280);
    filter.setMinWidth(60);
    pause.setOnFinished(event -> act("filter", "", Map.of("text", filter.getText())));
    filter.textProperty().addListener((text, before, now) -> pause.playFromStart());
    count.setMinWidth(Region.USE_PREF_SIZE);
    details.setPickOnBounds(false);
    nothing.setVisible(false);
    // In the middle of what is in sight, which may be less than the columns want.
    nothing.setWrapText(true);
    nothing.setAlignment(Pos.CENTER);
    nothing.setTextAlignment(TextAlignment.CENTER);
    nothing.prefWidthProperty().bind(across.widthProperty().subtract(MARGIN));
    nothing.maxWidthProperty().bind(nothing.prefWidthProperty());
    StackPane.setAlignment(nothing, Pos.CENTER_LEFT);
    rowsBox.getChildren().add(nothing);
    VBox.setVgrow(rowsBox, Priority.ALWAYS);
    VBox.setVgrow(across, Priority.ALWAYS);
    across.setFitToHeight(true);
    across.setFitToWidth(true);
    across.setVbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    across.setFocusTraversable(false);
    wide.widthProperty().addListener((width, before, now) -> layoutHead());
    body.setOnMousePressed(this::onPressed);
    body.setOnMouseClicked(this::onClick);
    body.setOnMouseMoved(this::onMove);
    body.setOnMouseExited(event -> hover(-1));
    body.setOnKeyPressed(this::onKey);
    Tooltip.install(body, tooltip);
  }

  @Override
  public Region node() {
    return node;
  }

  @Override
  public void focus() {
    body.requestFocus();
  }

  @Override
  public String asText() {
    return TableModel.csv(data());
  }

  @Override
  protected void update(Frame before) {
    // Another place of the view, such as what lies behind a row, begins at its top.
    if (before != null && !before.place().equals(frame().place())) {
      expanded.clear();
      focused = 0;
      body.scrollTo(0);
    }
    asked = Optional.empty();
    detailNodes.keySet().retainAll(data().rows());
    revealSelected(before);
    describe();
    rows = new TableRows(data(), expanded, this::detailHeight);
    body.setContentHeight(rows.all());
    wide.setMinWidth(TableModel.leastWidth(data().columns()));
    if (headMemo.changed(data().columns(), data().sort(), data().descending())) buildHead();
    body.repaint();
  }

  private void describe() {
    boolean asks = frame().offers("query");
    if (asks != node.getChildren().contains(query)) {
      if (asks) node.getChildren().addFirst(query);
      else node.getChildren().remove(query);
    }
    query.show(data().query());
    var words =
        frame().actions().stream()
            .filter(action -> action.id().equals("filter"))
            .map(Frame.Action::title)
            .findFirst()
            .orElse("Filter");
    filter.setPromptText(words);
    filter.setAccessibleText(words);
    count.setText(Format.count(data().total()) + (data().total() == 1 ? " row" : " rows"));
    nothing.setVisible(data().total() == 0);
    nothing.setText(frame().empty().isEmpty() ? "No row matches." : frame().empty());
    focused = Math.clamp(focused, 0, Math.max(0, data().total() - 1));
    body.setAccessibleText(frame().title() + ": " + rowWords(focused));
  }

  private String rowWords(int index) {
    return data()
        .row(index)
        .map(
            row -> {
              var words = new ArrayList<String>();
              for (int at = 0; at < Math.min(row.cells().size(), data().columns().size()); at++) {
                var column = data().columns().get(at);
                words.add(column.title() + " " + TableModel.cellText(row.cells().get(at), column));
              }
              return String.join(", ", words);
            })
        .orElse(count.getText());
  }

  /** Once, when it is asked for while the table stands there: a new view begins at its top. */
  private void revealSelected(Frame before) {
    var selection = frame().selection();
    if (before == null || selection == null || selection.reveal() == 0) return;
    var last = before.selection();
    boolean same = last != null && last.reveal() > 0 && last.site().equals(selection.site());
    if (same) return;
    if (last != null && last.reveal() > 0) expanded.remove(last.site());
    expanded.add(selection.site());
    focused = selection.reveal() - 1;
    var placed = new TableRows(data(), expanded, this::detailHeight);
    body.setContentHeight(placed.all());
    Platform.runLater(() -> body.scrollTo(placed.top(selection.reveal() - 1)));
  }

  private double detailHeight(Row row) {
    return (rowActions().isEmpty() ? 0 : ACTIONS) + StackList.heightOf(row.detail());
  }

  /** Rows lead further where the frame says so. */
  private boolean leadsFurther() {
    return frame().offers("drill", "row");
  }

  private List<Frame.Action> rowActions() {
    return frame().actions().stream()
        .filter(action -> action.on().equals("row") && !action.id().equals("drill"))
        .toList();
  }

  // ---- the head

  private void buildHead() {
    head.getChildren().clear();
    for (var column : data().columns()) head.getChildren().add(headCell(column));
    head.setMinHeight(29);
    head.setStyle("-fx-border-color: transparent transparent -ha-border transparent;");
    layoutHead();
  }

  private Button headCell(Column column) {
    boolean sorted = data().sort().equals(column.id());
    var arrow = !sorted ? "" : data().descending() ? " ▾" : " ▴";
    var button = new Button(column.title() + arrow);
    button.setManaged(false);
    button.setMnemonicParsing(false);
    button.getStyleClass().add("link");
    button.setStyle(
        "-fx-font-size: 12px; -fx-font-weight: bold; -fx-opacity: 1; -fx-text-fill: %s; -fx-alignment: %s;"
            .formatted(
                sorted ? "-ha-text" : "-ha-muted",
                column.isNumeric() ? "center-right" : "center-left"));
    button.setDisable(!column.sortable());
    button.setTooltip(new Tooltip(column.title() + (column.sortable() ? ": sort" : "")));
    button.setOnAction(event -> sortBy(column));
    return button;
  }

  private void layoutHead() {
    if (data() == null) return;
    var places = TableModel.places(data().columns(), Math.max(body.room(), wide.getMinWidth()));
    for (int at = 0; at < Math.min(places.size(), head.getChildren().size()); at++) {
      head.getChildren().get(at).resizeRelocate(places.get(at).x(), 1, places.get(at).width(), 26);
    }
  }

  private void sortBy(Column column) {
    // Figures are looked at from the largest, words from the first letter.
    boolean descending =
        data().sort().equals(column.id()) ? !data().descending() : column.isNumeric();
    act("sort", column.id(), Map.of("column", column.id(), "descending", descending));
  }

  // ---- the rows

  private void paint(GraphicsContext context, double width, double height, double top) {
    var places = TableModel.places(data().columns(), width);
    var painter =
        new TablePainter(context, theme(), data(), places, TableModel.peaks(data()), width);
    var opened = new ArrayList<Region>();
    if (data().total() == 0) {
      details.getChildren().clear();
      return;
    }
    int first = rows.at(top);
    int last = rows.at(top + height);
    for (int index = first; index <= last; index++) {
      var row = data().row(index).orElse(null);
      double y = rows.top(index);
      painter.paint(row, y, rows.height(index), stateOf(index, row));
      if (row != null && expanded.contains(row.id())) {
        opened.add(detail(row, y - top + TableRows.HEIGHT - 1, width));
      }
    }
    // What stays is not added anew: it may be under the pointer.
    if (!details.getChildren().equals(opened)) details.getChildren().setAll(opened);
    for (var detail : opened) {
      detail.applyCss();
      detail.layout();
    }
    layoutHead();
    askFor(first, last);
  }

  private TablePainter.State stateOf(int index, Row row) {
    boolean selected =
        row != null && !row.id().isEmpty() && row.id().equals(frame().selectedSite());
    return new TablePainter.State(
        index == hovered,
        selected,
        index == focused && body.isFocused(),
        row == null ? "" : twist(row));
  }

  private String twist(Row row) {
    if (leadsFurther()) return "›";
    if (row.detail().isEmpty()) return "";
    return expanded.contains(row.id()) ? "▾" : "▸";
  }

  private Region detail(Row row, double y, double width) {
    var detail = detailNodes.computeIfAbsent(row, this::detailOf);
    detail.setManaged(false);
    detail.resizeRelocate(0, y, width, detailHeight(row));
    return detail;
  }

  private Region detailOf(Row row) {
    var box = new VBox();
    box.setStyle("-fx-background-color: -ha-panel; -fx-padding: 0 0 0 " + DETAIL_INDENT + ";");
    if (!rowActions().isEmpty()) {
      var buttons = new HBox(6);
      buttons.setStyle("-fx-padding: 6 0 4 0;");
      for (var action : rowActions()) {
        buttons.getChildren().add(Parts.button(action.title(), () -> act(action.id(), row.id())));
      }
      box.getChildren().add(buttons);
    }
    box.getChildren().add(StackList.of(row.detail(), host));
    return box;
  }

  private void askFor(int first, int last) {
    var window = TableModel.windowFor(data(), first, last);
    if (window.isEmpty() || window.equals(asked)) return;
    asked = window;
    var wanted = window.get();
    // Not while it is being laid out: the answer may come at once.
    Platform.runLater(
        () -> act("window", "", Map.of("offset", wanted.offset(), "rows", wanted.rows())));
  }

  // ---- what the user does

  private int rowAt(MouseEvent event) {
    double y = event.getY() + body.scrollTop();
    return data().total() == 0 || y >= rows.all() ? -1 : rows.at(y);
  }

  private void hover(int index) {
    if (index == hovered) return;
    hovered = index;
    body.repaint();
  }

  private void onMove(MouseEvent event) {
    hover(rowAt(event));
    tooltip.setText(
        cellAt(event, hovered)
            .map(at -> data().row(hovered).map(row -> exactText(row, at)).orElse(""))
            .orElse(""));
  }

  private String exactText(Row row, int at) {
    return at < row.cells().size()
        ? TableModel.exactText(row.cells().get(at), data().columns().get(at))
        : "";
  }

  private Optional<Integer> cellAt(MouseEvent event, int index) {
    if (index < 0) return Optional.empty();
    var places = TableModel.places(data().columns(), body.room());
    for (int at = 0; at < places.size(); at++) {
      var place = places.get(at);
      if (place.x() <= event.getX() && event.getX() < place.end()) return Optional.of(at);
    }
    return Optional.empty();
  }

  /** The menu is about the row under the pointer, and comes up before the button is released. */
  private void onPressed(MouseEvent event) {
    int index = rowAt(event);
    if (index < 0 || event.getButton() != MouseButton.SECONDARY) return;
    focused = index;
    body.repaint();
  }

  private void onClick(MouseEvent event) {
    int index = rowAt(event);
    if (index < 0) return;
    focused = index;
    body.repaint();
    if (event.getButton() != MouseButton.PRIMARY) return;
    data()
        .row(index)
        .ifPresent(
            row -> {
              var source =
                  cellAt(event, index)
                      .filter(at -> at < row.cells().size())
                      .map(row.cells()::get)
                      .filter(Table.Cell::isSource);
              if (source.isPresent()) {
                host.openSource(source.get().path(), source.get().line());
              } else open(row);
            });
  }

  private void open(Row row) {
    if (leadsFurther()) act("drill", row.id());
    else toggle(row);
  }

  private void toggle(Row row) {
    if (!expanded.remove(row.id())) expanded.add(row.id());
    rows = new TableRows(data(), expanded, this::detailHeight);
    body.setContentHeight(rows.all());
    body.repaint();
  }

  private void onKey(KeyEvent event) {
    if (event.isControlDown() || event.isMetaDown() || event.isAltDown()) return;
    int total = data().total();
    int page = Math.max(1, (int) (body.getHeight() / TableRows.HEIGHT) - 2);
    var row = data().row(focused);
    switch (event.getCode()) {
      case DOWN -> moveTo(focused + 1);
      case UP -> moveTo(focused - 1);
      case PAGE_DOWN -> moveTo(focused + page);
      case PAGE_UP -> moveTo(focused - page);
      case HOME -> moveTo(0);
      case END -> moveTo(total - 1);
      case ENTER, SPACE -> row.ifPresent(this::open);
      case BACK_SPACE -> goBack();
      case RIGHT -> row.filter(r -> !expanded.contains(r.id())).ifPresent(this::toggle);
      case LEFT -> row.filter(r -> expanded.contains(r.id())).ifPresent(this::toggle);
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void moveTo(int index) {
    focused = Math.clamp(index, 0, Math.max(0, data().total() - 1));
    body.reveal(rows.top(focused), rows.top(focused) + TableRows.HEIGHT);
    body.setAccessibleText(frame().title() + ": " + rowWords(focused));
    body.repaint();
  }

  @Override
  public List<Choice> choices() {
    var row = data().row(focused);
    if (row.isEmpty()) return List.of();
    var choices = new ArrayList<>(offered("row", Set.of(), action -> act(action, row.get().id())));
    if (!row.get().detail().isEmpty()) {
      var words = expanded.contains(row.get().id()) ? "Hide the call stack" : "Show the call stack";
      choices.add(new Choice(words, () -> toggle(row.get())));
    }
    choices.addAll(choicesOf(row.get()));
    return choices;
  }

  private List<Choice> choicesOf(Row row) {
    var choices = new ArrayList<Choice>();
    var what = TableModel.filterWords(row);
    if (!what.isEmpty() && frame().offers("filter", "frame")) {
      choices.add(new Choice("Filter by ‘" + what + "’", () -> filterBy(what)));
    }
    row.detail().stream()
        .filter(line -> !line.path().isEmpty())
        .findFirst()
        .ifPresent(
            line ->
                choices.add(
                    new Choice(
                        "Open the source", () -> host.openSource(line.path(), line.line()))));
    choices.add(
        new Choice("Copy the row", () -> host.copyText(TableModel.text(data(), row), "The row")));
    return choices;
  }

  private void filterBy(String text) {
    filter.setText(text);
    pause.stop();
    act("filter", "", Map.of("text", text));
  }

  @Override
  public Optional<Point2D> cursorPlace() {
    double below = rows.top(focused) + TableRows.HEIGHT - body.scrollTop();
    return Optional.ofNullable(body.localToScreen(24, below));
  }
}
