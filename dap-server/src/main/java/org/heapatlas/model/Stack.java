package org.heapatlas.model;

import java.util.List;

/** A call stack, innermost frame first; {@code cut} when outer frames are missing. */
public record Stack(List<StackFrame> frames, boolean cut) {
  public static final Stack EMPTY = new Stack(List.of(), false);
}
