package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.heapatlas.model.Address;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Region;
import org.heapatlas.model.RegionMap;
import org.heapatlas.model.Resident;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.view.Frame;
import org.heapatlas.view.OpenView;

/**
 * Where in the address space a map stands: at first all regions that hold allocations, or
 * everything mapped, then any range of them, down to a page. The breadcrumbs are the way back.
 * Called by the heap map and by the same map in 3D.
 */
final class MapPlace {
  static final String EMPTY =
      "Nothing is allocated yet; the map fills with the program's first allocation.";
  private static final long SMALLEST_RANGE = 4096;
  private static final String ALL = "all";

  private final OccupiedParts occupied;
  private final int budget;
  private final List<Address.Range> way = new ArrayList<>();
  private boolean everything;

  /** {@code budget}: of tiles. */
  MapPlace(HeapSource source, int budget) {
    this.occupied = new OccupiedParts(source);
    this.budget = budget;
  }

  TilePlan plan(WatchedProcess process, RegionMap map) {
    if (way.isEmpty()) {
      return TilePlan.of(
          everything
              ? map.regions().stream().filter(MapPlace::ofTheProgram).toList()
              : occupied.of(process.id(), map.regions()),
          budget);
    }
    Address.Range range = way.getLast();
    return TilePlan.of(range, holder(map, range), budget);
  }

  /** The kernel's own page stands at an address that no program can use. */
  private static boolean ofTheProgram(Region region) {
    return region.from() >= 0 && region.to() <= TilePlan.END_OF_ADDRESSES;
  }

  /** The region that holds most of the range. */
  private static Region holder(RegionMap map, Address.Range range) {
    return map.regions().stream()
        .filter(region -> region.from() < range.to() && range.from() < region.to())
        .max(
            Comparator.comparingLong(
                region ->
                    Math.min(region.to(), range.to()) - Math.max(region.from(), range.from())))
        .orElse(new Region(range.from(), range.to(), "not mapped", "", 0, 0, Resident.NONE));
  }

  List<Frame.Crumb> crumbs() {
    List<Frame.Crumb> crumbs = new ArrayList<>();
    crumbs.add(new Frame.Crumb(everything ? "All mappings" : "Heap regions", ALL));
    for (Address.Range range : way) {
      crumbs.add(
          new Frame.Crumb(
              Bytes.text(range.length()) + " at " + Address.text(range.from()), range.toString()));
    }
    return crumbs;
  }

  Frame.Action scope() {
    return new Frame.Action("scope", everything ? "Only the heap" : "All mappings", "frame");
  }

  void switchScope() {
    everything = !everything;
    way.clear();
  }

  /** The range that an action is about, as its target or its arguments. */
  static Address.Range range(OpenView.Act act) {
    return Address.parseRange(
        act.argument("from").isEmpty()
            ? act.target()
            : act.argument("from") + "-" + act.argument("to"));
  }

  boolean isCrumb(String target) {
    return target.equals(ALL) || way.stream().anyMatch(range -> range.toString().equals(target));
  }

  /** False where it is as close already as a map can look: at a page. */
  boolean lookCloser(Address.Range asked) {
    Address.Range range = atLeastAPage(asked);
    return (way.isEmpty() || !way.getLast().equals(range)) && way.add(range);
  }

  private static Address.Range atLeastAPage(Address.Range range) {
    if (range.length() >= SMALLEST_RANGE) {
      return range;
    }
    long from = range.from() & -SMALLEST_RANGE;
    return new Address.Range(from, (range.to() + SMALLEST_RANGE - 1) & -SMALLEST_RANGE);
  }

  void oneStepBack() {
    if (!way.isEmpty()) {
      way.removeLast();
    }
  }

  void backTo(String crumb) {
    if (!isCrumb(crumb)) {
      throw Problem.usedWrongly("'%s' is none of the breadcrumbs".formatted(crumb));
    }
    while (!way.isEmpty() && !way.getLast().toString().equals(crumb)) {
      way.removeLast();
    }
  }
}
