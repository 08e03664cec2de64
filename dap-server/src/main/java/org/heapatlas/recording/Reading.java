package org.heapatlas.recording;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;

/**
 * What one query reads: the processes as they were when it began, the rows that it has open, and
 * why a reading failed, which the database would say in its own words and with a Java stack. The
 * database calls from threads of its own; close may come from any thread.
 */
final class Reading implements AutoCloseable {
  private final HeapSource source;
  private final List<WatchedProcess> processes;
  private final Set<Rows> open = ConcurrentHashMap.newKeySet();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private volatile boolean closed;

  Reading(HeapSource source, List<WatchedProcess> processes) {
    this.source = source;
    this.processes = processes;
  }

  HeapSource source() {
    return source;
  }

  Rows open(HeapTable table, int[] columns, long[] parameters) {
    Rows rows = table.reading().open(new HeapTable.Scan(source, processes, columns, parameters));
    open.add(rows);
    if (closed) {
      rows.close();
    }
    return rows;
  }

  /** Answers what to throw. */
  RuntimeException failed(RuntimeException why) {
    failure.compareAndSet(null, why);
    return why;
  }

  /** The sentence, or the defect, because of which rows are missing. */
  Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure.get());
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(Rows::close);
  }
}
