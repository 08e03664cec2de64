package org.heapatlas.model;

/** A call site: all allocations made with one call stack. */
public record Site(
    long id,
    long liveBytes,
    long liveAllocations,
    long totalBytes,
    long totalAllocations,
    double allocationsPerSecond,
    Stack stack) {

  /** What sites can be ordered by. */
  public enum Order {
    LIVE_BYTES,
    LIVE_ALLOCATIONS,
    TOTAL_ALLOCATIONS,
    RATE,
    TOTAL_BYTES
  }
}
