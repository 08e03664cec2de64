package org.heapatlas.model;

import java.util.Set;

/**
 * Some thousand events of a process in their order, a column an array; one that was not asked for
 * is empty. {@code allocatedAt} is -1 where it is not known. Arrays are shared, not copied; nobody
 * writes them.
 */
public record EventColumns(
    int rows,
    long[] position,
    long[] nanos,
    HeapEvent.Kind[] kind,
    long[] address,
    long[] size,
    int[] tid,
    int[] site,
    int[] allocatedBy,
    long[] allocatedAt) {

  /** In the order of the record's fields. */
  public enum Column {
    POSITION,
    NANOS,
    KIND,
    ADDRESS,
    SIZE,
    TID,
    SITE,
    ALLOCATED_BY,
    ALLOCATED_AT
  }

  /**
   * Which events, and what of them: within the span, at addresses within the range (0-0: all), of
   * one of the kinds (none: all).
   */
  public record Query(
      Set<Column> columns, Set<HeapEvent.Kind> kinds, TimeSpan span, Address.Range addresses) {}
}
