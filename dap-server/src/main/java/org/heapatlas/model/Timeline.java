package org.heapatlas.model;

import java.util.List;
import java.util.Optional;

/**
 * Where a recorded process stands, before {@code event}, and what there is of its past: the
 * positions [firstPosition, endPosition), of which the first is above 0 where the oldest was given
 * up. {@code missing} says, a sentence each, what of the recording could not be read.
 */
public record Timeline(
    long position,
    long nanos,
    long firstPosition,
    long endPosition,
    long firstNanos,
    long endNanos,
    Optional<HeapEvent> event,
    List<String> missing) {
  public boolean atEnd() {
    return event.isEmpty();
  }

  public boolean atBeginning() {
    return position <= firstPosition;
  }
}
