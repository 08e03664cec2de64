package org.heapatlas.model;

import java.util.regex.Pattern;

/**
 * Which frames of a stack that allocates are plumbing: they pass on what somebody else asked for. A
 * call site is named by the first frame that is not one of them.
 */
final class AllocatorFrames {
  /** The functions themselves that hand out memory: to say that they did so says nothing. */
  private static final Pattern ALLOCATOR =
      Pattern.compile(
          "(?:__libc_|__GI___libc_)?(?:malloc|calloc|realloc|reallocarray|memalign|aligned_alloc|"
              + "posix_memalign|valloc|pvalloc)|operator new.*");

  /**
   * What programs put around them, by the names that they are given everywhere: zmalloc,
   * g_malloc0_n, sqlite3DbMallocRaw, xstrdup.
   */
  private static final Pattern WRAPPER =
      Pattern.compile(
          "(?:.*::)?\\w*(?:[mM]alloc|[cC]alloc|[rR]ealloc|memalign|aligned_alloc|valloc|strn?dup)"
              + "(?:[0-9A-Z]\\w*|array\\w*|_(?:usable|num|internal|n|array|zero|aligned)\\w*)?");

  /**
   * The standard libraries of C++: where inside of them memory is asked for follows from the line
   * that calls them.
   */
  private static final Pattern LIBRARY =
      Pattern.compile("(?:std|__gnu_cxx|__cxxabiv1)::.*|_Z(?:NK?)?S[a-z].*");

  /** The same of Rust, where the names alone could be a C++ program's too. */
  private static final Pattern RUST_LIBRARY =
      Pattern.compile("(?:<?(?:alloc|core|std|hashbrown)::|__rust_|__rdl_|__rg_).*");

  private AllocatorFrames() {}

  static boolean isPlumbing(StackFrame frame) {
    String name = ReadableName.of(frame.function());
    return ALLOCATOR.matcher(name).matches()
        || WRAPPER.matcher(name).matches()
        || LIBRARY.matcher(name).matches()
        || (frame.file().endsWith(".rs") && RUST_LIBRARY.matcher(name).matches());
  }

  static boolean isAllocator(StackFrame frame) {
    return ALLOCATOR.matcher(ReadableName.of(frame.function())).matches();
  }
}
