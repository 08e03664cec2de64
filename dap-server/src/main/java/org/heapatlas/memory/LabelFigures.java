package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.heapatlas.model.Label;
import org.heapatlas.model.LabelPage;
import org.heapatlas.model.Problem;
import org.heapatlas.view.Table;
import org.heapatlas.view.Table.Cell;
import org.heapatlas.view.Table.Column;

/**
 * The columns of a table of labels: the name, then one figure each. A figure that is not known is
 * NaN. Called by Labels alone.
 */
record LabelFigures(Column name, List<LabelFigures.Figure> figures) {
  record Figure(Column column, ToDoubleFunction<Label> of) {}

  /** Of what carries a label; the shares are of the whole heap. */
  static LabelFigures carried(Label.Kind kind, LabelPage page) {
    return new LabelFigures(
        nameColumn(kind),
        List.of(
            new Figure(Column.bar("liveBytes", "Live bytes", "B"), Label::liveBytes),
            new Figure(
                Column.number("share", "Of the heap", "ratio"),
                label -> share(label.liveBytes(), page.liveBytes())),
            new Figure(
                Column.number("liveAllocations", "Live allocations", "count"),
                Label::liveAllocations),
            new Figure(Column.number("peakBytes", "Peak", "B"), Label::peakBytes),
            new Figure(
                Column.number("rate", "Allocations/s", "count/s"),
                label -> Math.rint(label.allocationsPerSecond())),
            new Figure(
                Column.number("totalAllocations", "Allocations", "count"),
                Label::totalAllocations)));
  }

  /** Size is the heap's blocks in which a pool's live blocks lie; a pool elsewhere has none. */
  static LabelFigures pools() {
    return new LabelFigures(
        nameColumn(Label.Kind.POOL),
        List.of(
            new Figure(Column.bar("liveBytes", "Used", "B"), Label::liveBytes),
            new Figure(Column.number("liveAllocations", "Blocks", "count"), Label::liveAllocations),
            new Figure(Column.number("heldBytes", "Size", "B"), LabelFigures::size),
            new Figure(
                Column.number("share", "Used of size", "ratio"),
                label -> share(label.liveBytes(), size(label))),
            new Figure(
                Column.number("free", "Free", "B"), label -> size(label) - label.liveBytes()),
            new Figure(Column.number("peakBytes", "Peak used", "B"), Label::peakBytes),
            new Figure(
                Column.number("rate", "Blocks/s", "count/s"),
                label -> Math.rint(label.allocationsPerSecond())),
            new Figure(
                Column.number("unknownReleases", "Unknown releases", "count"),
                Label::unknownReleases)));
  }

  private static Column nameColumn(Label.Kind kind) {
    return new Column("name", kind.title(), "", "left", true, false);
  }

  private static double size(Label pool) {
    return pool.heldBytes() >= pool.liveBytes() ? pool.heldBytes() : Double.NaN;
  }

  private static double share(double part, double whole) {
    return whole > 0 ? part / whole : Double.NaN;
  }

  List<Column> columns() {
    return Stream.concat(Stream.of(name), figures.stream().map(Figure::column)).toList();
  }

  /** By a column from its least; what is not known counts as nothing. */
  Comparator<Label> by(String column) {
    return figures.stream()
        .filter(figure -> figure.column().id().equals(column))
        .findFirst()
        .map(
            figure ->
                Comparator.comparingDouble(
                    (Label label) -> {
                      double value = figure.of().applyAsDouble(label);
                      return Double.isNaN(value) ? 0 : value;
                    }))
        .orElse(Comparator.comparing((Label label) -> label.name().text()));
  }

  Table.Row row(Label label) {
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.text(label.name().text()));
    for (Figure figure : figures) {
      double value = figure.of().applyAsDouble(label);
      cells.add(Double.isNaN(value) ? Cell.text("–") : Cell.number(value));
    }
    return new Table.Row(label.name().kind().id() + ":" + label.name().text(), cells, List.of());
  }

  /** Of which label a row is, by its id. */
  static Label.Name name(String row) {
    String[] parts = row.split(":", 2);
    for (Label.Kind kind : Label.Kind.values()) {
      if (parts.length == 2 && kind.id().equals(parts[0])) {
        return new Label.Name(kind, parts[1]);
      }
    }
    throw Problem.usedWrongly("'%s' is no row of this table".formatted(row));
  }
}
