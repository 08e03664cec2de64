package org.heapatlas.model;

import java.util.OptionalLong;
import java.util.Set;

/**
 * Some thousand allocations of the heap with their lifetimes, a column an array; one that was not
 * asked for is empty. In {@code endNanos}, {@code beginPosition} and {@code endPosition} -1 means
 * that it is not over, or not known. Arrays are shared, not copied; nobody writes them.
 */
public record LifetimeColumns(
    int rows,
    long[] address,
    long[] size,
    int[] site,
    int[] tid,
    long[] beginNanos,
    long[] endNanos,
    long[] beginPosition,
    long[] endPosition,
    int[] releaseSite,
    int[] releaseTid,
    HeapEvent.Kind[] kind) {

  /** In the order of the record's fields. */
  public enum Column {
    ADDRESS,
    SIZE,
    SITE,
    TID,
    BEGIN_NANOS,
    END_NANOS,
    BEGIN_POSITION,
    END_POSITION,
    RELEASE_SITE,
    RELEASE_TID,
    KIND
  }

  /**
   * Which allocations, and what of them: that began within the span, were live at a time where one
   * is named, and lie at addresses within the range (0-0: all).
   */
  public record Query(
      Set<Column> columns, TimeSpan begun, OptionalLong liveAt, Address.Range addresses) {}
}
