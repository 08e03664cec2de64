package org.heapatlas.model;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A function's demangled name as people would say it: without parameters and what it returns, and
 * without the arguments of templates that are what they are by default.
 */
final class ReadableName {
  private static final String PLAIN_STRING =
      "std::basic_string<char, std::char_traits<char>, std::allocator<char> >";

  /** Arguments that the standard library's templates have where a program names none. */
  private static final List<String> DEFAULTS =
      List.of(
          ", std::allocator<",
          ", std::char_traits<",
          ", std::less<",
          ", std::equal_to<",
          ", std::hash<",
          ", std::default_delete<");

  private static final Pattern QUALIFIERS = Pattern.compile("(?: (?:const|volatile|&&?))*$");
  private static final String LOCAL = "(anonymous namespace)";

  private static final int MOST_REMEMBERED = 20_000;

  /** A view names the same functions in every frame, a row of a table a whole stack of them. */
  private static final LoadingCache<String, String> REMEMBERED =
      CacheBuilder.newBuilder()
          .maximumSize(MOST_REMEMBERED)
          .build(CacheLoader.from(ReadableName::make));

  private ReadableName() {}

  static String of(String function) {
    return REMEMBERED.getUnchecked(function);
  }

  private static String make(String function) {
    String name = function.replace("std::__cxx11::", "std::").replace(PLAIN_STRING, "std::string");
    for (String argument : DEFAULTS) {
      name = without(name, argument);
    }
    return withoutResult(withoutParameters(name)).replace(" >", ">");
  }

  private static String without(String name, String argument) {
    StringBuilder text = new StringBuilder(name);
    for (int at = text.indexOf(argument); at >= 0; at = text.indexOf(argument, at)) {
      int end = closing(text, at + argument.length() - 1);
      if (end < 0) {
        break;
      }
      text.delete(at, end + 1);
    }
    return text.toString();
  }

  /** Where the bracket that opens at {@code open} is closed; negative when it is not. */
  private static int closing(CharSequence text, int open) {
    int depth = 0;
    for (int at = open; at < text.length(); at++) {
      depth += depthOf(text.charAt(at));
      if (depth == 0) {
        return at;
      }
    }
    return -1;
  }

  private static int depthOf(char letter) {
    return switch (letter) {
      case '<', '(', '{', '[' -> 1;
      case '>', ')', '}', ']' -> -1;
      default -> 0;
    };
  }

  private static String withoutParameters(String name) {
    String whole = QUALIFIERS.matcher(name).replaceFirst("");
    if (!whole.endsWith(")") || whole.endsWith(LOCAL)) {
      return name;
    }
    int depth = 0;
    for (int at = whole.length() - 1; at > 0; at--) {
      depth += whole.charAt(at) == ')' ? 1 : whole.charAt(at) == '(' ? -1 : 0;
      if (depth == 0) {
        return whole.endsWith("operator()") ? whole : whole.substring(0, at);
      }
    }
    return name;
  }

  /** The demangler writes what a template returns in front of it. */
  private static String withoutResult(String name) {
    int depth = 0;
    int begin = 0;
    for (int at = 0; at < name.length(); at++) {
      if (name.startsWith("operator", at) && depth == 0) {
        break;
      }
      depth += depthOf(name.charAt(at));
      if (depth == 0 && name.charAt(at) == ' ') {
        begin = at + 1;
      }
    }
    return name.substring(begin);
  }
}
