package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.canvas.Canvas;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.heapatlas.eclipse.view.Address;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Hex.MemorySpan;
import org.heapatlas.eclipse.view.Hex.SpanKind;

/**
 * What stands beside and below the bytes: the values under the cursor, the legend, what is to be
 * confirmed.
 */
final class HexPanel {
  private static final int MOST_IN_LEGEND = 8;

  private HexPanel() {}

  /** The bytes from the cursor on, as every type reads them. */
  static List<Node> values(HexModel model, OptionalInt cursor, IntConsumer follow) {
    if (cursor.isEmpty()) {
      return List.of(
          Parts.wrapped(
              "The cursor is out of sight; an arrow key or a press on a byte brings it back.",
              "muted",
              "small"));
    }
    int index = cursor.getAsInt();
    var parts = new ArrayList<>(place(model, index));
    var grid = new GridPane(12, 2);
    var names = new ColumnConstraints();
    names.setMinWidth(Region.USE_PREF_SIZE);
    var words = new ColumnConstraints();
    words.setHgrow(Priority.ALWAYS);
    words.setMinWidth(0);
    grid.getColumnConstraints().addAll(names, words);
    int row = 0;
    for (var value : model.valuesAt(index)) {
      addRow(grid, row++, value.type(), Parts.wrapped(value.text(), "mono", "small"));
    }
    addRow(grid, row++, "pointer", pointer(model, index, follow));
    addRow(grid, row, "string", Parts.wrapped(model.stringAt(index), "mono", "small"));
    parts.add(grid);
    return parts;
  }

  private static void addRow(GridPane grid, int row, String type, Node value) {
    var label = Parts.label(type, "muted", "small");
    GridPane.setValignment(label, VPos.TOP);
    grid.addRow(row, label, value);
  }

  private static Node pointer(HexModel model, int index, IntConsumer follow) {
    var known = model.pointerAt(index);
    var text = model.pointerText(index);
    if (known.isEmpty()) return Parts.wrapped(text, "mono", "small");
    var link = Parts.link(text, "Follow (Enter)", () -> follow.accept(model.wordAt(index)));
    link.getStyleClass().addAll("mono", "small");
    var box = new VBox(link);
    if (!known.get().into().isEmpty()) {
      box.getChildren().add(Parts.wrapped("→ " + known.get().into(), "muted", "small"));
    }
    return box;
  }

  /** Whose the byte is. */
  private static List<Node> place(HexModel model, int index) {
    var address = Address.toWire(model.addressOf(index));
    var span = model.spanAt(index);
    if (span.isEmpty()) return List.of(Parts.wrapped(address, "strong"));
    var at = span.get();
    if (!at.isBlock()) {
      return List.of(
          Parts.wrapped(at.owner(), "strong"),
          Parts.wrapped(joined(", ", address, at.text()), "muted", "small"));
    }
    var title = (at.kind() == SpanKind.FREED ? "Freed block" : "Block") + " of " + at.owner();
    var words =
        "%s, %s, %s; the cursor is on byte %d"
            .formatted(
                Address.toWire(at.range().from()),
                Format.exactly(at.size(), "B"),
                at.text(),
                model.addressOf(index) - at.range().from());
    return List.of(Parts.wrapped(title, "strong"), Parts.wrapped(words, "muted", "small"));
  }

  private static String joined(String between, String... words) {
    return Stream.of(words).filter(text -> !text.isEmpty()).collect(Collectors.joining(between));
  }

  static List<Node> legend(HexModel model, Theme theme) {
    var spans = model.data().spans();
    var blocks = spans.stream().filter(MemorySpan::isBlock).toList();
    var entries = new ArrayList<Node>();
    blocks.stream().limit(MOST_IN_LEGEND).forEach(span -> entries.add(block(model, span, theme)));
    int more = blocks.size() - MOST_IN_LEGEND;
    if (more > 0) {
      var words = "and " + more + " more " + (more == 1 ? "block" : "blocks");
      entries.add(Parts.label(words, "muted", "tiny"));
    }
    if (blocks.stream().anyMatch(span -> span.kind() == SpanKind.FREED)) {
      entries.add(entry(freedSwatch(theme), "released"));
    }
    spans.stream()
        .filter(span -> !span.isBlock())
        .map(span -> joined(": ", span.owner(), span.text()))
        .distinct()
        .forEach(words -> entries.add(entry(Parts.swatch(null), words)));
    var sample = Parts.label("ab", "mono", "tiny", "strong");
    sample.setStyle("-fx-text-fill: -ha-error; -fx-underline: true;");
    entries.add(entry(sample, "changed " + model.data().compared()));
    return entries;
  }

  private static Node block(HexModel model, MemorySpan span, Theme theme) {
    var colour = theme.categorical(model.colourOf(span));
    Node swatch;
    if (span.kind() == SpanKind.FREED) swatch = freedSwatch(theme);
    else {
      var box = Parts.swatch(Palette.withAlpha(colour, 0.13));
      box.setStyle(box.getStyle() + " -fx-border-color: " + Palette.css(colour) + ";");
      swatch = box;
    }
    var words = HexModel.title(span);
    var entry = entry(swatch, words);
    var label = (Region) entry.getChildren().getLast();
    label.setMaxWidth(230);
    Tooltip.install(
        entry, new Tooltip(joined(", ", words, Address.toWire(span.range().from()), span.text())));
    return entry;
  }

  private static Node freedSwatch(Theme theme) {
    var canvas = new Canvas(14, 11);
    var context = canvas.getGraphicsContext2D();
    HexPainter.hatch(context, 0, 0, 14, 11, theme);
    context.setStroke(theme.muted());
    context.setLineWidth(1);
    context.setLineDashes(3, 2);
    context.strokeRect(0.5, 0.5, 13, 10);
    return canvas;
  }

  private static HBox entry(Node swatch, String words) {
    var entry = new HBox(5, swatch, Parts.label(words, "muted", "tiny"));
    entry.setAlignment(Pos.CENTER_LEFT);
    return entry;
  }

  /** Nothing is written before it is confirmed. */
  static Node confirmation(HexEdit edit, String program, Runnable write, Runnable discard) {
    var count = edit.bytes() + (edit.bytes() == 1 ? " byte" : " bytes");
    var question = "Write %s at %s of %s?".formatted(count, Address.toWire(edit.at()), program);
    var button = Parts.button("Write (Enter)", write);
    button.setDisable(!edit.isWhole());
    var row =
        new WrapRow(
            10, 4, Parts.label(question), button, Parts.button("Discard (Esc)", discard, "quiet"));
    if (!edit.isWhole()) row.getChildren().add(Parts.label("A byte has two digits.", "muted"));
    row.setStyle(
        "-fx-padding: 6 10 6 10; -fx-background-color: -ha-warning, -ha-panel;"
            + " -fx-background-insets: 0, 1 1 1 4; -fx-background-radius: 5, 4;");
    return row;
  }
}
