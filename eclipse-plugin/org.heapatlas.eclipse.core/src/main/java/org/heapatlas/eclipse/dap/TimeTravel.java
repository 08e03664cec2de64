package org.heapatlas.eclipse.dap;

/** What can be run backwards: a thread, and what stands for one. */
public interface TimeTravel {
  /** False while it runs, and where the adapter knows no way back. */
  boolean canGoBack();

  /** To the step before, as a resume of kind step. */
  void stepBack();

  /** Backwards to a breakpoint or the beginning. */
  void reverseResume();
}
