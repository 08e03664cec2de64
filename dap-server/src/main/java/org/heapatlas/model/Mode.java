package org.heapatlas.model;

/** How much of the program's allocations is recorded. */
public enum Mode {
  OFF("off"),
  SAMPLED("sampled"),
  FULL("full"),
  FULL_NO_STACKS("full-no-stacks");

  private final String text;

  Mode(String text) {
    this.text = text;
  }

  /** As the command line, the runtime's environment and the summary write it. */
  public String text() {
    return text;
  }

  public static Mode parse(String text) {
    return Choice.of(values(), Mode::text, "mode", text);
  }
}
