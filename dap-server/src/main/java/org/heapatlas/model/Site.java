package org.heapatlas.model;

import java.util.Optional;
import java.util.regex.Pattern;

/** A call site: all allocations made with one call stack. */
public record Site(
    long id,
    long liveBytes,
    long liveAllocations,
    long totalBytes,
    long totalAllocations,
    double allocationsPerSecond,
    Stack stack) {

  /**
   * Allocators and the wrappers that programs put around them, by the names that they are given
   * everywhere.
   */
  private static final Pattern ALLOCATOR =
      Pattern.compile(
          "\\w*(?:malloc|calloc|realloc|memalign|aligned_alloc|valloc)\\w*|operator new.*|std::allocator.*|__gnu_cxx::.*alloc.*");

  /** What sites can be ordered by. */
  public enum Order {
    LIVE_BYTES,
    LIVE_ALLOCATIONS,
    TOTAL_ALLOCATIONS,
    RATE,
    TOTAL_BYTES
  }

  /** The innermost frame that is no allocator: who wanted the memory. */
  public Optional<StackFrame> caller() {
    return stack.frames().stream()
        .filter(frame -> !ALLOCATOR.matcher(frame.function()).matches())
        .findFirst()
        .or(() -> stack.frames().stream().findFirst());
  }
}
