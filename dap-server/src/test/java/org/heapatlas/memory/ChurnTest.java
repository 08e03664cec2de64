package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.heapatlas.model.Coverage;
import org.heapatlas.model.Region;
import org.heapatlas.model.Resident;
import org.heapatlas.model.Tiles;
import org.junit.jupiter.api.Test;

class ChurnTest {
  private static final long SECOND = 1_000_000_000;
  private final Churn churn = new Churn();

  private static Tiles tiles(long from, long seconds, int[] index, int... allocations) {
    long[] bytes = new long[index.length];
    return new Tiles(
        from,
        from + 160,
        16,
        index,
        bytes,
        allocations,
        allocations,
        seconds * SECOND,
        Coverage.NONE);
  }

  private long[] rates(long from) {
    long[] column = new long[10];
    churn.paint(
        new TilePlan.Run(from, from + 160, new Region(0, 0, "", "", 0, 0, Resident.NONE)),
        16,
        column,
        0);
    return column;
  }

  @Test
  void aRateIsWhatWasAllocatedInATileSinceASecondAgo() {
    churn.update(List.of(tiles(0, 1, new int[] {2, 3}, 10, 20)), 16);
    assertThat(rates(0)).containsOnly(0);
    churn.update(List.of(tiles(0, 3, new int[] {2, 3, 4}, 10, 30, 8)), 16);
    assertThat(rates(0)).startsWith(0, 0, 0, 5, 4);
  }

  @Test
  void countsStayWithTheirAddressWhenTheMapGrowsDownwards() {
    churn.update(List.of(tiles(160, 1, new int[] {0}, 100)), 16);
    churn.update(List.of(tiles(0, 2, new int[] {9}, 7), tiles(160, 2, new int[] {0}, 150)), 16);
    assertThat(rates(160)[0]).isEqualTo(50);
    assertThat(rates(0)[9]).isEqualTo(7);
  }

  @Test
  void tilesOfAnotherSizeAreNotComparedWithTheOnesBefore() {
    churn.update(List.of(tiles(0, 1, new int[] {0}, 100)), 16);
    churn.update(List.of(tiles(0, 3, new int[] {0}, 100)), 16);
    churn.update(List.of(tiles(0, 5, new int[] {0}, 900)), 32);
    assertThat(rates(0)).containsOnly(0);
  }
}
