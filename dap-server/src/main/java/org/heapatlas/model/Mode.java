package org.heapatlas.model;

import java.util.Arrays;
import java.util.stream.Collectors;

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
    return Arrays.stream(values())
        .filter(mode -> mode.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.usedWrongly(
                    "'%s' is no mode; choose one of %s"
                        .formatted(
                            text,
                            Arrays.stream(values())
                                .map(Mode::text)
                                .collect(Collectors.joining(", ")))));
  }
}
