package org.heapatlas.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.heapatlas.model.Coverage;
import org.heapatlas.model.Gap;
import org.heapatlas.model.Losses;
import org.heapatlas.model.Mode;
import org.junit.jupiter.api.Test;

class CoverageWordsTest {
  private static String words(boolean exact, List<Gap> gaps, Losses losses, long lost) {
    return CoverageWords.of(
        new Coverage(Mode.FULL, 9000, lost, gaps, 0, 0, 0, 0, exact, 0, 0, 0, false, losses));
  }

  @Test
  void whatBecameOfTheLostEventsIsSaidWithoutWhatThereIsNoneOf() {
    assertThat(words(true, List.of(), Losses.NONE, 0)).endsWith("9,000 events; none lost");
    assertThat(words(true, List.of(new Gap(1, 2, 1200)), new Losses(1200, 0, 0, 0, 34), 1234))
        .endsWith(
            "; 1,234 lost in detail (1,200 folded together in a gap, 34 of locks, regions and threads); the map is exact");
    Gap gap = new Gap(1, 2, 1);
    assertThat(words(false, List.of(gap, gap), new Losses(2, 3, 4, 5, 0), 14))
        .endsWith(
            "; 14 lost in detail (2 folded together in 2 gaps, 3 in damaged records, 4 refused by a full live table, 5 dropped by the program's runtime); the map is not exact");
  }
}
