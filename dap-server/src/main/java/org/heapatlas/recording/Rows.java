package org.heapatlas.recording;

import org.duckdb.DuckDBDataChunkWriter;

/** The rows of one reading of a table. Written by one thread; closed by any, which ends a wait. */
interface Rows extends AutoCloseable {
  /** Writes the next rows, as many as fit at most; 0 at the end. */
  int write(DuckDBDataChunkWriter out);

  @Override
  default void close() {}
}
