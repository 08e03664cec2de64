package org.heapatlas.recording;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBWritableVector;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;

/** Rows that a source answers in parts of columns, one process after the other. */
final class PartRows<T> implements Rows {
  /** Writes one value; knows the array of its column. */
  interface Cell<T> {
    void put(T part, int row, DuckDBWritableVector out, int at);
  }

  private final int[] columns;
  private final Iterator<WatchedProcess> processes;
  private final Function<WatchedProcess, HeapSource.Parts<T>> ask;
  private final ToIntFunction<T> size;
  private final List<Cell<T>> cells;
  private long process;
  private volatile HeapSource.Parts<T> parts;
  private volatile boolean closed;
  private T part;
  private int row;

  /** {@code cells} are those of the columns behind the first, which is the process. */
  PartRows(
      HeapTable.Scan scan,
      Function<WatchedProcess, HeapSource.Parts<T>> ask,
      ToIntFunction<T> size,
      List<Cell<T>> cells) {
    this.columns = scan.columns();
    this.processes = scan.processes().iterator();
    this.ask = ask;
    this.size = size;
    this.cells = cells;
  }

  @Override
  public int write(DuckDBDataChunkWriter out) {
    int capacity = Math.toIntExact(out.capacity());
    int written = 0;
    while (written < capacity && hasRow()) {
      int count = Math.min(capacity - written, size.applyAsInt(part) - row);
      for (int column = 0; column < columns.length; column++) {
        write(out.vector(column), columns[column], written, count);
      }
      row += count;
      written += count;
    }
    return written;
  }

  private void write(DuckDBWritableVector out, int column, int at, int count) {
    if (column == 0) {
      for (int i = 0; i < count; i++) {
        out.setLong(at + i, process);
      }
      return;
    }
    Cell<T> cell = cells.get(column - 1);
    for (int i = 0; i < count; i++) {
      cell.put(part, row + i, out, at + i);
    }
  }

  private boolean hasRow() {
    while (part == null || row == size.applyAsInt(part)) {
      if (parts == null && !begin()) {
        return false;
      }
      Optional<T> next = parts.next();
      if (next.isEmpty()) {
        parts.close();
        parts = null;
      }
      part = next.orElse(null);
      row = 0;
    }
    return true;
  }

  /** The next process; one that is begun while another thread closes is closed, too. */
  private boolean begin() {
    if (closed || !processes.hasNext()) {
      return false;
    }
    WatchedProcess next = processes.next();
    process = next.id();
    parts = ask.apply(next);
    if (closed) {
      parts.close();
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
    HeapSource.Parts<T> open = parts;
    if (open != null) {
      open.close();
    }
  }
}
