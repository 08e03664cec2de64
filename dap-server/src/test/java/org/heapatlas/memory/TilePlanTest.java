package org.heapatlas.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.heapatlas.model.Address;
import org.heapatlas.model.Region;
import org.heapatlas.model.Resident;
import org.junit.jupiter.api.Test;

class TilePlanTest {
  private static final int BUDGET = 11_250;

  @Test
  void aPageIsShownInTilesOfSixteenBytes() {
    Address.Range page = new Address.Range(0x5000, 0x6000);
    TilePlan plan = TilePlan.of(page, region(0x5000, 0x6000), BUDGET);
    assertThat(plan.tileBytes()).isEqualTo(16);
    assertThat(plan.tiles()).isEqualTo(256);
  }

  @Test
  void aRangeThatDoesNotStartAtATileIsWidenedToOne() {
    TilePlan plan =
        TilePlan.of(new Address.Range(0x12345678, 0x52345678), region(0, 1L << 40), BUDGET);
    TilePlan.Run run = plan.runs().getFirst();
    assertThat(run.from() % plan.tileBytes()).isZero();
    assertThat(run.from()).isLessThanOrEqualTo(0x12345678);
    assertThat(run.to()).isGreaterThanOrEqualTo(0x52345678);
  }

  @Test
  void anEmptinessBetweenRegionsIsNotDrawn() {
    TilePlan plan =
        TilePlan.of(List.of(region(0, 1 << 20), region(1L << 40, (1L << 40) + (1 << 20))), BUDGET);
    assertThat(plan.runs()).hasSize(2);
  }

  @Test
  void anyAddressSpaceFitsTheBudgetInOrderedAlignedRuns() {
    Random random = new Random(42);
    for (int round = 0; round < 200; round++) {
      List<Region> regions = regions(random);
      TilePlan plan = TilePlan.of(regions, BUDGET);
      assertThat(plan.tiles()).isLessThanOrEqualTo(BUDGET + plan.runs().size());
      long end = Long.MIN_VALUE;
      for (TilePlan.Run run : plan.runs()) {
        assertThat(run.from() % plan.tileBytes()).isZero();
        assertThat(run.from()).isGreaterThanOrEqualTo(end);
        end = run.to();
      }
      assertThat(regions).allMatch(region -> covered(plan, region));
    }
  }

  private static boolean covered(TilePlan plan, Region region) {
    return plan.runs().stream()
        .anyMatch(run -> run.from() <= region.from() && region.to() <= run.to());
  }

  private static List<Region> regions(Random random) {
    List<Region> regions = new ArrayList<>();
    long at = 0x5500_0000_0000L;
    for (int i = random.nextInt(1, 2000); i > 0; i--) {
      at += 4096L * (1L << random.nextInt(20));
      long to = at + 4096L * (1L << random.nextInt(18));
      regions.add(region(at, to));
      at = to;
    }
    return regions;
  }

  private static Region region(long from, long to) {
    return new Region(from, to, "heap", "", 1, 1, Resident.NONE);
  }
}
