package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.List;
import org.heapatlas.model.Address;
import org.heapatlas.model.Region;
import org.heapatlas.view.HeatMap;

/** What of a map's runs is mapped, as the front end draws it. Called by the heap map alone. */
final class MappedRegions {
  /** Beyond this a frame would be regions for the most part. */
  private static final int MOST_REGIONS = 2000;

  private MappedRegions() {}

  /**
   * The regions that reach into the runs, both in address order; neighbours of one name are one.
   * None at all where they are too many: a part of them would show the rest as not mapped.
   */
  static List<HeatMap.Region> in(List<TilePlan.Run> runs, List<Region> regions) {
    List<Region> joined = new ArrayList<>();
    for (Region region : regions) {
      Region last = joined.isEmpty() ? null : joined.getLast();
      if (runs.stream().noneMatch(run -> region.from() < run.to() && run.from() < region.to())) {
        continue;
      }
      if (last != null && last.to() == region.from() && sameName(last, region)) {
        joined.set(joined.size() - 1, join(last, region));
      } else {
        joined.add(region);
      }
    }
    return joined.size() > MOST_REGIONS
        ? List.of()
        : joined.stream().map(MappedRegions::shown).toList();
  }

  private static boolean sameName(Region one, Region other) {
    return one.kind().equals(other.kind()) && one.name().equals(other.name());
  }

  private static Region join(Region one, Region other) {
    return new Region(
        one.from(),
        other.to(),
        one.kind(),
        one.name(),
        one.liveBytes() + other.liveBytes(),
        one.liveAllocations() + other.liveAllocations(),
        one.resident().plus(other.resident()));
  }

  private static HeatMap.Region shown(Region region) {
    return new HeatMap.Region(
        Address.text(region.from()),
        Address.text(region.to()),
        region.name(),
        region.kind(),
        region.resident().rssBytes(),
        region.resident().pssBytes(),
        region.resident().numaPages());
  }
}
