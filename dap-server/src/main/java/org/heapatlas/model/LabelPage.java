package org.heapatlas.model;

import java.util.List;

/** All labels of a program, and what the whole heap holds beside them. */
public record LabelPage(
    List<Label> labels, long liveBytes, long liveAllocations, long now, Coverage coverage) {
  public static final LabelPage NONE = new LabelPage(List.of(), 0, 0, 0, Coverage.NONE);
}
