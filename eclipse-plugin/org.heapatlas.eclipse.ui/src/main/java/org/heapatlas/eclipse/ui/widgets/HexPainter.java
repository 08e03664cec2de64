package org.heapatlas.eclipse.ui.widgets;

import java.util.OptionalInt;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;
import org.heapatlas.eclipse.view.Address;
import org.heapatlas.eclipse.view.Hex.MemorySpan;
import org.heapatlas.eclipse.view.Hex.SpanKind;

/**
 * Paints the rows of a window of bytes: address, bytes, letters. A block is outlined, a released
 * one hatched, a changed byte bold and underlined: nothing is told by its colour alone.
 */
final class HexPainter {
  static final double ROW = 20;
  private static final double FONT = 12;
  private static final double NARROW_FONT = 11;
  private static final double NARROW = 330;

  /** In widths of a letter. */
  private static final double ADDRESS = 15;

  private static final double CELL = 3;
  private static final double EIGHTH = 0.6;
  private static final double BEFORE_LETTERS = 1.5;
  private static final double FILL = 0.13;

  /**
   * What stands out: the cursor's byte, the chosen ones [first, last], what is typed. Indices; none
   * is -1.
   */
  record Look(int cursor, int first, int last, HexEdit edit, boolean focused) {
    boolean isChosen(int index) {
      return first < last && first <= index && index <= last;
    }
  }

  private final HexModel model;
  private final Theme theme;
  private final double fontSize;
  private final boolean lettered;
  private final double letter;

  HexPainter(HexModel model, Theme theme, double width) {
    this.model = model;
    this.theme = theme;
    lettered = width > NARROW;
    fontSize = lettered ? FONT : NARROW_FONT;
    letter = TextFit.width("0", theme.monospaced(fontSize));
  }

  private double x(int column) {
    int groups = column / 8;
    return letter * (ADDRESS + CELL * column + EIGHTH * groups);
  }

  private double lettersX() {
    return x(model.data().columns() - 1) + letter * (CELL + BEFORE_LETTERS);
  }

  /** The byte at a point, of its cell or of its letter. */
  OptionalInt byteAt(double x, double y) {
    int row = (int) Math.floor(y / ROW) - 1;
    int columns = model.data().columns();
    if (row < 0 || row >= model.data().rows()) return OptionalInt.empty();
    int column = -1;
    for (int each = 0; each < columns; each++) {
      if (x(each) <= x && x < x(each) + CELL * letter) column = each;
    }
    if (column < 0 && lettered && x >= lettersX()) column = (int) ((x - lettersX()) / letter);
    int index = row * columns + column;
    return column < 0 || column >= columns || index >= model.data().bytes().size()
        ? OptionalInt.empty()
        : OptionalInt.of(index);
  }

  void paint(GraphicsContext context, Look look) {
    var data = model.data();
    context.setTextBaseline(VPos.CENTER);
    context.setFont(theme.monospaced(fontSize));
    context.setFill(theme.muted());
    context.setTextAlign(TextAlignment.CENTER);
    for (int column = 0; column < data.columns(); column++) {
      context.fillText("%02x".formatted(column), x(column) + CELL * letter / 2, ROW / 2);
    }
    int digits = Address.toWire(model.addressOf(data.bytes().size())).length() - 2;
    for (int row = 0; row < data.rows(); row++) {
      int first = row * data.columns();
      context.setTextAlign(TextAlignment.LEFT);
      context.setFont(theme.monospaced(fontSize));
      context.setFill(theme.muted());
      var hex = Long.toHexString(model.addressOf(first));
      context.fillText(
          "0x" + "0".repeat(Math.max(0, digits - hex.length())) + hex, 0, (row + 1.5) * ROW);
      int end = Math.min(first + data.columns(), data.bytes().size());
      for (int index = first; index < end; index++) {
        paintByte(context, index, index - first, (row + 1) * ROW, look);
      }
    }
  }

  private void paintByte(GraphicsContext context, int index, int column, double y, Look look) {
    double x = x(column);
    double width = CELL * letter;
    var edited =
        look.edit == null
            ? java.util.Optional.<String>empty()
            : look.edit.textAt(model.addressOf(index));
    paintBlock(context, index, x, y, width);
    if (look.isChosen(index) || edited.isPresent()) {
      context.setFill(edited.isPresent() ? theme.input() : theme.accentSoft());
      context.fillRect(x, y, width, ROW);
    }
    var text = edited.orElseGet(() -> model.byteText(index));
    boolean changed = model.data().changed().get(index);
    boolean faint = text.equals("00") || text.equals(HexModel.UNREADABLE);
    context.setTextAlign(TextAlignment.CENTER);
    context.setFont(
        changed || edited.isPresent()
            ? theme.monospacedBold(fontSize)
            : theme.monospaced(fontSize));
    context.setFill(
        edited.isPresent()
            ? theme.warningText()
            : changed ? theme.error() : faint ? theme.muted() : theme.text());
    context.fillText(text, x + width / 2, y + ROW / 2);
    if (changed) underline(context, x + letter / 2, y, 2 * letter, theme.error(), false);
    else if (model.pointerAt(index).isPresent()) {
      underline(context, x + letter / 2, y, 2 * letter, theme.text(), true);
    }
    if (index == look.cursor) outline(context, x, y, width, look.focused);
    if (lettered) paintLetter(context, index, column, y, look);
  }

  private void underline(
      GraphicsContext context, double x, double y, double width, Color colour, boolean dotted) {
    context.setStroke(colour);
    context.setLineWidth(dotted ? 1 : 2);
    if (dotted) context.setLineDashes(1, 2);
    context.strokeLine(x, y + ROW - 3.5, x + width, y + ROW - 3.5);
    context.setLineDashes();
  }

  private void outline(GraphicsContext context, double x, double y, double width, boolean focused) {
    context.setStroke(theme.accent());
    context.setLineWidth(focused ? 2 : 1.5);
    context.strokeRect(x + 1, y + 1, width - 2, ROW - 2);
  }

  private void paintLetter(GraphicsContext context, int index, int column, double y, Look look) {
    double x = lettersX() + column * letter;
    if (look.isChosen(index)) {
      context.setFill(theme.accentSoft());
      context.fillRect(x, y, letter, ROW);
    }
    boolean changed = model.data().changed().get(index);
    boolean here = index == look.cursor;
    context.setTextAlign(TextAlignment.LEFT);
    context.setFont(changed ? theme.monospacedBold(fontSize) : theme.monospaced(fontSize));
    context.setFill(changed ? theme.error() : here ? theme.text() : theme.muted());
    context.fillText(model.letter(index), x, y + ROW / 2);
    if (changed) underline(context, x, y, letter, theme.error(), false);
    if (!here) return;
    context.setStroke(theme.accent());
    context.setLineWidth(1);
    context.strokeRect(x - 0.5, y + 1.5, letter + 1, ROW - 3);
  }

  private void paintBlock(GraphicsContext context, int index, double x, double y, double width) {
    var span = model.spanAt(index).filter(MemorySpan::isBlock);
    var edges = model.edges(index);
    if (span.isEmpty() || edges.isEmpty()) return;
    boolean freed = span.get().kind() == SpanKind.FREED;
    // Between two groups of eight the block goes on.
    int column = index % model.data().columns();
    double right =
        edges.get().right() || column == model.data().columns() - 1 ? x + width : x(column + 1);
    var colour = theme.categorical(model.colourOf(span.get()));
    if (freed) hatch(context, x, y, right - x, ROW, theme);
    else {
      context.setFill(Palette.withAlpha(colour, FILL));
      context.fillRect(x, y, right - x, ROW);
    }
    context.setStroke(colour);
    context.setLineWidth(1);
    if (freed) context.setLineDashes(3, 2);
    if (edges.get().top()) context.strokeLine(x, y + 0.5, right, y + 0.5);
    if (edges.get().bottom()) context.strokeLine(x, y + ROW - 0.5, right, y + ROW - 0.5);
    if (edges.get().left()) context.strokeLine(x + 0.5, y, x + 0.5, y + ROW);
    if (edges.get().right()) context.strokeLine(right - 0.5, y, right - 0.5, y + ROW);
    context.setLineDashes();
  }

  /** Of what was released. */
  static void hatch(
      GraphicsContext context, double x, double y, double width, double height, Theme theme) {
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    context.setStroke(Palette.withAlpha(theme.muted(), 0.3));
    context.setLineWidth(2);
    // Lines of all cells are one pattern: they begin at multiples of their distance.
    double distance = 7;
    double begin = Math.floor((x + y) / distance) * distance;
    for (double at = begin; at < x + y + width + height + distance; at += distance) {
      context.strokeLine(at - y, y, at - y - height, y + height);
    }
    context.restore();
  }
}
