package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** Names for functions that stay theirs from one frame of a view to the next. */
  static final class Ids {
    private final Map<CallFunction, Integer> numbers = new HashMap<>();
    private final List<CallFunction> functions = new ArrayList<>();

    String of(CallFunction function) {
      int number =
          numbers.computeIfAbsent(
              function,
              fresh -> {
                functions.add(fresh);
                return functions.size() - 1;
              });
      return Integer.toString(number);
    }

    CallFunction function(String id) {
      try {
        return functions.get(Integer.parseInt(id));
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        throw new Problem(
            Problem.Kind.USED_WRONGLY, "there is no function '%s' in this view".formatted(id), e);
      }
    }
  }
}
