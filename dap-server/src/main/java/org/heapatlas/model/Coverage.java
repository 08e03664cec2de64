package org.heapatlas.model;

import java.util.List;

/** What the figures beside it stand on: what was lost, sampled or could not be resolved. */
public record Coverage(
    Mode mode,
    long events,
    long lost,
    List<Gap> gaps,
    long unresolvedFrames,
    long cutStacks,
    long unknownFrees,
    long beforeAttachBytes,
    boolean exact,
    double standardErrorBytes) {
  public static final Coverage NONE = new Coverage(Mode.OFF, 0, 0, List.of(), 0, 0, 0, 0, true, 0);
}
