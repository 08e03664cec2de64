package org.heapatlas.recording;

import java.util.Iterator;
import java.util.function.Function;
import java.util.stream.Stream;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBWritableVector;
import org.heapatlas.model.WatchedProcess;

/** Rows of a table that is small: an array of values each, one a column, null where unknown. */
final class ObjectRows implements Rows {
  private final int[] columns;
  private final Iterator<Object[]> rows;

  private ObjectRows(int[] columns, Iterator<Object[]> rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /** A process is asked when its turn comes. */
  static Rows ofProcesses(HeapTable.Scan scan, Function<WatchedProcess, Stream<Object[]>> rows) {
    return new ObjectRows(scan.columns(), scan.processes().stream().flatMap(rows).iterator());
  }

  static Rows of(HeapTable.Scan scan, Stream<Object[]> rows) {
    return new ObjectRows(scan.columns(), rows.iterator());
  }

  static Object[] row(Object... values) {
    return values;
  }

  @Override
  public int write(DuckDBDataChunkWriter out) {
    int written = 0;
    for (; written < out.capacity() && rows.hasNext(); written++) {
      Object[] row = rows.next();
      for (int column = 0; column < columns.length; column++) {
        put(out.vector(column), written, row[columns[column]]);
      }
    }
    return written;
  }

  private static void put(DuckDBWritableVector out, int at, Object value) {
    switch (value) {
      case null -> out.setNull(at);
      case Long number -> out.setLong(at, number);
      case Integer number -> out.setLong(at, number);
      case Double number -> out.setDouble(at, number);
      case Boolean flag -> out.setBoolean(at, flag);
      default -> out.setString(at, value.toString());
    }
  }
}
