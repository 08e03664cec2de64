package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.heapatlas.model.Region;
import org.heapatlas.model.Resident;

class TerrainTest {
  private static final long TILE = 4096;

  @Property
  void noTwoTilesShareGroundAndEachLiesOnItsPlot(
      @ForAll @Size(min = 1, max = 64) List<@IntRange(min = 1, max = 3000) Integer> runs) {
    Terrain terrain = Terrain.of(plan(runs));
    Set<Long> taken = new HashSet<>();
    assertThat(terrain.plots()).hasSameSizeAs(runs);
    for (Terrain.Plot plot : terrain.plots()) {
      assertThat(plot.rows()).isLessThanOrEqualTo(terrain.depth());
      for (int tile = 0; tile < plot.tiles(); tile++) {
        assertThat(plot.columnOf(tile)).isBetween(plot.x(), plot.x() + plot.columns() - 1);
        assertThat(plot.rowOf(tile)).isBetween(0, plot.rows() - 1);
        assertThat(taken.add((long) plot.columnOf(tile) << 32 | plot.rowOf(tile))).isTrue();
      }
    }
  }

  private static TilePlan plan(List<Integer> runs) {
    return new TilePlan(
        TILE,
        IntStream.range(0, runs.size())
            .mapToObj(
                at -> {
                  long from = (long) at << 32;
                  long to = from + runs.get(at) * TILE;
                  return new TilePlan.Run(
                      from, to, new Region(from, to, "", "", 0, 0, Resident.NONE));
                })
            .toList());
  }
}
