package org.heapatlas.eclipse.ui.widgets;

import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.TextArea;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;

/** The field above a table that answers a query, for the next one. */
final class QueryField extends HBox {
  private static final int LEAST_LINES = 2;
  private static final int MOST_LINES = 8;

  private final TextArea text = new TextArea();
  private final Consumer<String> ask;
  private final Button exporting;
  private String shown = "";

  /**
   * Enter asks; Shift+Enter begins another line.
   *
   * @param export is given the query whose answer shows
   */
  QueryField(Consumer<String> ask, Consumer<String> export) {
    super(8);
    this.ask = ask;
    text.setPromptText("SELECT function, live_bytes FROM sites ORDER BY live_bytes DESC LIMIT 10");
    text.setAccessibleText("Query in SQL. Enter asks, Shift+Enter begins another line.");
    text.getStyleClass().add("mono");
    text.setPrefRowCount(LEAST_LINES);
    text.setWrapText(true);
    text.addEventFilter(KeyEvent.KEY_PRESSED, this::onKey);
    HBox.setHgrow(text, Priority.ALWAYS);
    setAlignment(Pos.TOP_LEFT);
    exporting = Parts.button("Export…", () -> export.accept(shown));
    exporting.setTooltip(new Tooltip("All rows, as CSV, Parquet or a spreadsheet"));
    exporting.setVisible(false);
    exporting.managedProperty().bind(exporting.visibleProperty());
    getChildren().addAll(text, Parts.button("Ask", this::ask), exporting);
  }

  /** The query whose answer shows; what is typed meanwhile stays. */
  void show(String query) {
    if (query.equals(shown)) return;
    shown = query;
    text.setText(query);
    exporting.setVisible(!query.isEmpty());
    long lines = query.lines().count();
    text.setPrefRowCount((int) Math.clamp(lines, LEAST_LINES, MOST_LINES));
  }

  private void onKey(KeyEvent event) {
    if (event.getCode() != KeyCode.ENTER) return;
    event.consume();
    if (event.isShiftDown()) text.replaceSelection("\n");
    else ask();
  }

  private void ask() {
    if (!text.getText().isBlank()) ask.accept(text.getText());
  }
}
