package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.heapatlas.model.Region;
import org.heapatlas.model.Resident;
import org.heapatlas.model.Tiles;
import org.heapatlas.session.FakeHeap;
import org.junit.jupiter.api.Test;

class OccupiedPartsTest {
  private static final long MIB = 1 << 20;

  private static Region region(long from, long length, long allocations) {
    return new Region(from, from + length, "anonymous", "", 1, allocations, Resident.NONE);
  }

  /** A heap whose blocks stand in the first and, where that is asked for, the last tile. */
  private static OccupiedParts parts(int... tiles) {
    return partsWith(1, tiles);
  }

  private static OccupiedParts partsWith(int live, int... tiles) {
    return new OccupiedParts(
        new FakeHeap() {
          @Override
          public Tiles tiles(long id, long from, long to, long tileBytes) {
            int[] counts = new int[tiles.length];
            long[] bytes = new long[tiles.length];
            Arrays.fill(counts, live);
            Arrays.fill(bytes, 64L * live);
            return new Tiles(from, to, tileBytes, tiles, bytes, counts, counts, 0, COVERAGE);
          }
        });
  }

  @Test
  void aVastHoleInARegionIsCutOut() {
    List<Region> shown = parts(0, 6399).of(1, List.of(region(0, 400 * MIB, 2)));
    assertThat(shown).hasSize(2);
    assertThat(shown.getFirst().to()).isLessThanOrEqualTo(MIB);
    assertThat(shown.getLast().to()).isLessThanOrEqualTo(800 * MIB);
  }

  @Test
  void aHoleThatIsFragmentationStays() {
    assertThat(parts(0, 100).of(1, List.of(region(0, 400 * MIB, 2)))).hasSize(1);
  }

  @Test
  void aRegionWithoutAllocationsIsNotShown() {
    assertThat(parts(0).of(1, List.of(region(0, MIB, 0), region(2 * MIB, MIB, 3)))).hasSize(1);
  }

  @Test
  void aTileThatHeldSomethingOnceIsAHole() {
    assertThat(partsWith(0, 0, 6399).of(1, List.of(region(0, 400 * MIB, 2)))).isEmpty();
  }
}
