package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.heapatlas.model.Region;
import org.heapatlas.model.Resident;
import org.heapatlas.model.Tiles;
import org.heapatlas.session.FakeHeap;

/** The parts of a region and the plan of its tiles, against the plain set of its tiles in use. */
class OccupiedPartsPropertyTest {
  private static final long TILE = 64 << 10;
  private static final int TILES = 4096;
  private static final long BASE = 0x7f00_0000_0000L;
  private static final Region REGION =
      new Region(BASE, BASE + TILES * TILE, "heap", "", 1, 1, Resident.NONE);

  /** One region of which these tiles are in use. */
  private static List<Region> partsOf(Set<Integer> used) {
    return new OccupiedParts(
            new FakeHeap() {
              @Override
              public Tiles tiles(long process, long from, long to, long tileBytes) {
                int[] index = used.stream().mapToInt(Integer::intValue).toArray();
                int[] one = new int[index.length];
                Arrays.fill(one, 1);
                return new Tiles(
                    from,
                    to,
                    tileBytes,
                    index,
                    new long[index.length],
                    one,
                    one,
                    0,
                    FakeHeap.COVERAGE);
              }
            })
        .of(1, List.of(REGION));
  }

  /**
   * The same by the definition: a run of unused tiles as long as a 16th of the region parts what is
   * beside it.
   */
  private static List<List<Integer>> naive(NavigableSet<Integer> used) {
    List<List<Integer>> parts = new ArrayList<>();
    for (int tile : used) {
      Integer before = used.lower(tile);
      if (before == null || tile - before - 1 >= TILES / 16) {
        parts.add(new ArrayList<>(List.of(tile, tile)));
      } else {
        parts.getLast().set(1, tile);
      }
    }
    return parts;
  }

  @Property
  void aRegionFallsApartWhereNothingIsLiveForASixteenthOfIt(
      @ForAll @NotEmpty @Size(max = 60) Set<@IntRange(max = TILES - 1) Integer> used) {
    TreeSet<Integer> sorted = new TreeSet<>(used);
    assertThat(partsOf(sorted))
        .extracting(
            part ->
                List.of(
                    Math.toIntExact((part.from() - BASE) / TILE),
                    Math.toIntExact((part.to() - BASE) / TILE) - 1))
        .isEqualTo(naive(sorted));
  }

  @Property
  void aPlanCoversEveryPartWithWholeTilesOnceAndKeepsToItsBudget(
      @ForAll @NotEmpty @Size(max = 60) Set<@IntRange(max = TILES - 1) Integer> used,
      @ForAll @IntRange(min = 256, max = 4096) int budget) {
    List<Region> parts = new ArrayList<>();
    for (int tile : new TreeSet<>(used)) {
      // Neither begins nor ends where a tile does.
      long from = BASE + tile * TILE + 48;
      parts.add(new Region(from, from + TILE / 2 + 7, "heap", "", 1, 1, Resident.NONE));
    }
    TilePlan plan = TilePlan.of(parts, budget);
    assertThat(plan.tiles()).isLessThanOrEqualTo(budget);
    long end = 0;
    for (TilePlan.Run run : plan.runs()) {
      assertThat(run.from()).isGreaterThanOrEqualTo(end);
      assertThat(run.from() % plan.tileBytes()).isZero();
      assertThat(run.length() % plan.tileBytes()).isZero();
      end = run.to();
    }
    assertThat(parts)
        .allSatisfy(
            part ->
                assertThat(plan.runs())
                    .filteredOn(run -> run.from() <= part.from() && part.to() <= run.to())
                    .hasSize(1));
  }
}
