package org.heapatlas.model;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Events whose detail is gone, by what became of them: folded into their net effect in gaps,
 * overwritten or damaged in a ring, refused by a live table without memory, dropped by the
 * program's runtime, or skipped because they say nothing of the heap.
 */
public record Losses(
    long foldedInGaps,
    long damagedRecords,
    long refusedByTable,
    long droppedByRuntime,
    long skippedBesideHeap) {
  public static final Losses NONE = new Losses(0, 0, 0, 0, 0);

  /** Those that there are, in words; empty where nothing was lost. */
  String words(int gaps) {
    return Stream.of(
            term(
                foldedInGaps,
                gaps == 1
                    ? "folded together in a gap"
                    : "folded together in %,d gaps".formatted(gaps)),
            term(damagedRecords, "in damaged records"),
            term(refusedByTable, "refused by a full live table"),
            term(droppedByRuntime, "dropped by the program's runtime"),
            term(skippedBesideHeap, "of locks, regions and threads"))
        .filter(term -> !term.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private static String term(long count, String what) {
    return count == 0 ? "" : String.format(Locale.ROOT, "%,d %s", count, what);
  }
}
