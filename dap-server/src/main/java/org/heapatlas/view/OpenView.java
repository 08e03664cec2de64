package org.heapatlas.view;

import java.util.Map;

/**
 * An opened view with its place: what it shows, sorted and filtered how. Called by one thread at a
 * time.
 */
public interface OpenView {
  /** The state now. */
  Frame frame();

  /** Changes what is shown; answers a sentence for the user, or an empty text. */
  String act(Act act);

  /** What the user did; {@code target} may be empty. */
  record Act(String action, String target, Map<String, String> arguments) {
    public String argument(String name) {
      return arguments.getOrDefault(name, "");
    }
  }
}
