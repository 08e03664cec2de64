package org.heapatlas.eclipse.view;

import java.util.Map;

/**
 * What the user asks of a view.
 *
 * @param target empty where the action has none
 * @param arguments strings, numbers and booleans by their names
 */
public record Act(String action, String target, Map<String, Object> arguments) {
  public Act {
    arguments = Map.copyOf(arguments);
  }

  public Act(String action) {
    this(action, "", Map.of());
  }

  public Act(String action, String target) {
    this(action, target, Map.of());
  }

  public Act(String action, Map<String, Object> arguments) {
    this(action, "", arguments);
  }
}
