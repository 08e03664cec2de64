package org.heapatlas.view;

import java.util.Map;
import org.heapatlas.model.Problem;

/**
 * An opened view with its place: what it shows, sorted and filtered how. Called by one thread at a
 * time.
 */
public interface OpenView {
  /** The state now. */
  Frame frame();

  /** Changes what is shown; answers a sentence for the user, or an empty text. */
  String act(Act act);

  /** Nobody looks any more: what goes on behind it ends. */
  default void close() {}

  /** What the user did; {@code target} may be empty. */
  record Act(String action, String target, Map<String, String> arguments) {
    public String argument(String name) {
      return arguments.getOrDefault(name, "");
    }

    /** A number among the arguments, or what holds without it. */
    public long number(String name, long otherwise) {
      String text = argument(name);
      try {
        return text.isEmpty() ? otherwise : Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new Problem(
            Problem.Kind.USED_WRONGLY,
            "the argument '%s' of the action '%s' is no number".formatted(name, action),
            e);
      }
    }
  }
}
