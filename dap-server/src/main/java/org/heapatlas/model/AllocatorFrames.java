package org.heapatlas.model;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import java.util.regex.Pattern;

/**
 * Which frames of a stack that allocates are plumbing: they pass on what somebody else asked for. A
 * call site is named by the first frame that is not one of them.
 */
final class AllocatorFrames {
  private enum Role {
    ALLOCATOR,
    PASSES_ON,
    PASSES_ON_IN_RUST,
    PROGRAM
  }

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

  private static final int MOST_REMEMBERED = 20_000;

  /** By the function: each row of each frame of a view asks for those of a whole stack. */
  private static final LoadingCache<String, Role> ROLES =
      CacheBuilder.newBuilder()
          .maximumSize(MOST_REMEMBERED)
          .build(CacheLoader.from(AllocatorFrames::roleOf));

  private AllocatorFrames() {}

  static boolean isPlumbing(StackFrame frame) {
    return switch (ROLES.getUnchecked(frame.function())) {
      case ALLOCATOR, PASSES_ON -> true;
      case PASSES_ON_IN_RUST -> frame.file().endsWith(".rs");
      case PROGRAM -> false;
    };
  }

  static boolean isAllocator(StackFrame frame) {
    return ROLES.getUnchecked(frame.function()) == Role.ALLOCATOR;
  }

  private static Role roleOf(String function) {
    String name = ReadableName.of(function);
    if (ALLOCATOR.matcher(name).matches()) {
      return Role.ALLOCATOR;
    }
    if (WRAPPER.matcher(name).matches() || LIBRARY.matcher(name).matches()) {
      return Role.PASSES_ON;
    }
    return RUST_LIBRARY.matcher(name).matches() ? Role.PASSES_ON_IN_RUST : Role.PROGRAM;
  }
}
