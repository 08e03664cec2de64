package org.heapatlas.model;

import java.util.Optional;
import java.util.Set;

/** A call site: all allocations made with one call stack. */
public record Site(
    long id,
    long liveBytes,
    long liveAllocations,
    long totalBytes,
    long totalAllocations,
    double allocationsPerSecond,
    Stack stack) {

  private static final Set<String> ALLOCATORS =
      Set.of("malloc", "calloc", "realloc", "reallocarray", "memalign", "aligned_alloc", "posix_memalign", "valloc");

  /** What sites can be ordered by. */
  public enum Order {
    LIVE_BYTES,
    LIVE_ALLOCATIONS,
    TOTAL_ALLOCATIONS,
    RATE,
    TOTAL_BYTES
  }

  /** The innermost frame that is not the allocator itself. */
  public Optional<StackFrame> caller() {
    return stack.frames().stream().filter(frame -> !isAllocator(frame.function())).findFirst()
        .or(() -> stack.frames().stream().findFirst());
  }

  private static boolean isAllocator(String function) {
    return ALLOCATORS.contains(function) || function.startsWith("operator new");
  }
}
