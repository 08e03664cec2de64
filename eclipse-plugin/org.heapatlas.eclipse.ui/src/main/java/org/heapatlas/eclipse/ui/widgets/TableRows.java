package org.heapatlas.eclipse.ui.widgets;

import java.util.Collection;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.heapatlas.eclipse.view.Table;
import org.heapatlas.eclipse.view.Table.Row;

/** Where the rows of a table stand, of which some have their detail below them. Pure. */
final class TableRows {
  static final double HEIGHT = 29;

  private final TreeMap<Integer, Double> extras = new TreeMap<>();
  private final int total;

  /**
   * @param detailHeight of an expanded row
   */
  TableRows(Table table, Collection<String> expanded, ToDoubleFunction<Row> detailHeight) {
    total = table.total();
    for (int at = 0; at < table.rows().size(); at++) {
      var row = table.rows().get(at);
      if (expanded.contains(row.id())) {
        extras.put(table.offset() + at, detailHeight.applyAsDouble(row));
      }
    }
  }

  double top(int index) {
    return index * HEIGHT + extrasBefore(index);
  }

  double height(int index) {
    return HEIGHT + extras.getOrDefault(index, 0.0);
  }

  double all() {
    return top(total);
  }

  /** The row at a height; the last one below it. */
  int at(double y) {
    int low = 0;
    int high = Math.max(0, total - 1);
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (top(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private double extrasBefore(int index) {
    double sum = 0;
    for (double extra : extras.headMap(index).values()) sum += extra;
    return sum;
  }
}
