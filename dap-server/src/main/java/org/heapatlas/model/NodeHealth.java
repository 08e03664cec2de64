package org.heapatlas.model;

/**
 * A node by its address, empty for this machine, and why it does not answer, in one sentence; empty
 * where it does.
 */
public record NodeHealth(String node, String problem) {
  public boolean answers() {
    return problem.isEmpty();
  }
}
