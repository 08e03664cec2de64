package org.heapatlas.model;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A call stack, innermost frame first; {@code cut} when outer frames are missing. */
public record Stack(List<StackFrame> frames, boolean cut) {
  public static final Stack EMPTY = new Stack(List.of(), false);

  /**
   * Allocators and the wrappers that programs put around them, by the names that they are given
   * everywhere.
   */
  private static final Pattern ALLOCATOR =
      Pattern.compile(
          "\\w*(?:malloc|calloc|realloc|memalign|aligned_alloc|valloc)\\w*|operator new.*|std::allocator.*|__gnu_cxx::.*alloc.*");

  /** The innermost frame that is no allocator: who wanted the memory. */
  public Optional<StackFrame> caller() {
    return frames.stream()
        .filter(frame -> !ALLOCATOR.matcher(frame.function()).matches())
        .findFirst()
        .or(() -> frames.stream().findFirst());
  }
}
