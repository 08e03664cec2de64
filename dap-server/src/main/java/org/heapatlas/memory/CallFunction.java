package org.heapatlas.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.heapatlas.model.Problem;
import org.heapatlas.model.StackFrame;
import org.heapatlas.view.FlameGraph;

/** A function as a node of calls, whatever line of it calls; or words that stand for one. */
record CallFunction(String title, String name, String path, String module) {
  static final CallFunction NO_STACK = words("(no stack)");
  static final CallFunction CUT = words("(outer frames are missing)");

  static CallFunction of(StackFrame frame) {
    return new CallFunction(frame.title(), frame.name(), frame.file(), frame.module());
  }

  private static CallFunction words(String text) {
    return new CallFunction(text, text, "", "");
  }

  FlameGraph.Function shown(String id, int line) {
    return new FlameGraph.Function(id, name, title.equals(name) ? "" : title, path, line, module);
  }

  /** Names for functions, the same in every view and session, live or replayed. */
  static final class Ids {
    private static final Pattern NUMBER = Pattern.compile("[0-9a-f]{1,16}");
    private final Map<CallFunction, Long> numbers = new HashMap<>();
    private final Map<Long, CallFunction> functions = new HashMap<>();

    String of(CallFunction function) {
      return Long.toHexString(numbers.computeIfAbsent(function, this::free));
    }

    /** By its words; of two that have one number, the later one gets the next. */
    private long free(CallFunction function) {
      long number =
          ((long) function.title().hashCode() << 32)
              ^ (function.path() + '\n' + function.module()).hashCode();
      while (functions.putIfAbsent(number, function) != null) {
        number++;
      }
      return number;
    }

    CallFunction function(String id) {
      CallFunction found =
          NUMBER.matcher(id).matches() ? functions.get(Long.parseUnsignedLong(id, 16)) : null;
      if (found == null) {
        throw Problem.usedWrongly("there is no function '%s' in this view".formatted(id));
      }
      return found;
    }
  }
}
