package org.heapatlas.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the figures beside it stand on: what was lost, sampled or could not be resolved. {@code
 * mapSince} is when a switch of the mode, or a loss, began the map anew, {@code offSince} when
 * recording was switched off, in nanoseconds; 0: never. {@code folding}: a gap goes on. {@code
 * lost} is the sum of {@code losses}.
 */
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
    double standardErrorBytes,
    long mapSince,
    long offSince,
    boolean folding,
    Losses losses) {
  public static final Coverage NONE =
      new Coverage(Mode.OFF, 0, 0, List.of(), 0, 0, 0, 0, true, 0, 0, 0, false, Losses.NONE);

  /** What a reader of the map must know of the time that it covers, a sentence each. */
  public List<String> span() {
    List<String> sentences = new ArrayList<>();
    if (mapSince > 0) {
      sentences.add(
          "The map began anew after %s: blocks from before are not in it."
              .formatted(seconds(mapSince)));
    }
    if (offSince > 0) {
      sentences.add(
          "Recording was switched off after %s: the map is as it was then."
              .formatted(seconds(offSince)));
    }
    return sentences;
  }

  /** What became of the events that were lost, in words; empty where none was. */
  public String lossWords() {
    return losses.words(gaps.size());
  }

  public static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
