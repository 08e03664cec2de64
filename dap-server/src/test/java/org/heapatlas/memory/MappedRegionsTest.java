package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.heapatlas.model.Region;
import org.heapatlas.model.Resident;
import org.heapatlas.view.HeatMap;
import org.junit.jupiter.api.Test;

/** Neighbours of one name are one region, with the sum of what is in memory of them. */
class MappedRegionsTest {
  private static Region region(long from, String name, Resident resident) {
    return new Region(from, from + 0x1000, "file", name, 0, 0, resident);
  }

  @Test
  void whatIsInMemoryOfNeighboursIsAddedUpOnEachNode() {
    List<Region> regions =
        List.of(
            region(0x1000, "/lib/a.so", new Resident(300, 100, List.of(5L, 0L))),
            region(0x2000, "/lib/a.so", new Resident(20, 10, List.of())),
            region(0x3000, "/lib/a.so", new Resident(1, 1, List.of(2L, 7L))),
            region(0x4000, "/lib/b.so", Resident.NONE));
    TilePlan.Run run = new TilePlan.Run(0x1000, 0x5000, regions.getFirst());
    assertThat(MappedRegions.in(List.of(run), regions))
        .containsExactly(
            new HeatMap.Region("0x1000", "0x4000", "/lib/a.so", "file", 321, 111, List.of(7L, 7L)),
            new HeatMap.Region("0x4000", "0x5000", "/lib/b.so", "file", 0, 0, List.of()));
  }
}
