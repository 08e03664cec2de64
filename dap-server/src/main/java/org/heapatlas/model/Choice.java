package org.heapatlas.model;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One of a few things, by the word that people write for it. */
public final class Choice {
  private Choice() {}

  /** {@code noun}: what they are; a Problem lists the words where none of them was written. */
  public static <T> T of(T[] all, Function<T, String> word, String noun, String written) {
    return Arrays.stream(all)
        .filter(each -> word.apply(each).equals(written))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.usedWrongly(
                    "'%s' is no %s; choose one of %s"
                        .formatted(
                            written,
                            noun,
                            Arrays.stream(all).map(word).collect(Collectors.joining(", ")))));
  }
}
