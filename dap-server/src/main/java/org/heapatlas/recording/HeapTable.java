package org.heapatlas.recording;

import java.util.Collection;
import java.util.List;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;

/**
 * A table whose rows are asked of the source while a query reads it: a function of so many integers
 * in SQL.
 */
record HeapTable(String name, int parameters, List<Column> columns, Reading reading) {
  /** A parameter that is NULL. */
  static final long ABSENT = -1;

  interface Reading {
    Rows open(Scan scan);
  }

  /** What of a table is read: the columns by their indices, in the order of the answer. */
  record Scan(
      HeapSource source, Collection<WatchedProcess> processes, int[] columns, long[] parameters) {
    /** 0 when absent, which means no bound. */
    long bound(int parameter) {
      return Math.max(parameters[parameter], 0);
    }

    boolean wants(int column) {
      for (int each : columns) {
        if (each == column) {
          return true;
        }
      }
      return false;
    }
  }
}
