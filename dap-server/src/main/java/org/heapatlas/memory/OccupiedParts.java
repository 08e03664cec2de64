package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.List;
import org.heapatlas.model.Region;
import org.heapatlas.model.Tiles;
import org.heapatlas.session.HeapSource;

/**
 * The regions that hold allocations, without the vast emptiness in some of them: allocators reserve
 * far more than they use, and the kernel joins neighbours into one mapping. Called by the heap map.
 * A hole small enough to be fragmentation stays.
 */
final class OccupiedParts {
  /** A hole is cut out when it is at least this part of all regions together. */
  private static final int SMALLEST_HOLE = 16;

  private static final long SMALLEST_TILE = 64 << 10;
  private static final int TILES_A_REGION = 4096;

  /** Only the few largest regions can have such holes: each costs a question to the collector. */
  private static final int MOST_QUESTIONS = SMALLEST_HOLE;

  private final HeapSource source;

  OccupiedParts(HeapSource source) {
    this.source = source;
  }

  List<Region> of(long process, List<Region> regions) {
    List<Region> live = regions.stream().filter(region -> region.liveAllocations() > 0).toList();
    long hole = Math.max(1, live.stream().mapToLong(Region::length).sum() / SMALLEST_HOLE);
    List<Region> parts = new ArrayList<>();
    int questions = 0;
    for (Region region : live) {
      if (region.length() >= hole && questions++ < MOST_QUESTIONS) {
        parts.addAll(parts(process, region, hole));
      } else {
        parts.add(region);
      }
    }
    return parts;
  }

  private List<Region> parts(long process, Region region, long hole) {
    long tile = SMALLEST_TILE;
    while (region.length() / tile > TILES_A_REGION) {
      tile *= 2;
    }
    Tiles tiles = source.tiles(process, region.from() & -tile, region.to(), tile);
    List<Region> parts = new ArrayList<>();
    for (int i = 0; i < tiles.index().length; i++) {
      if (tiles.liveBytes()[i] == 0 && tiles.liveAllocations()[i] == 0) {
        continue; // there was something, once
      }
      int index = tiles.index()[i];
      long from = Math.max(region.from(), tiles.from() + index * tile);
      long to = Math.min(region.to(), tiles.from() + (index + 1) * tile);
      Region last = parts.isEmpty() ? null : parts.getLast();
      if (last != null && from - last.to() < hole) {
        parts.set(parts.size() - 1, part(region, last.from(), to));
      } else {
        parts.add(part(region, from, to));
      }
    }
    return parts;
  }

  private static Region part(Region region, long from, long to) {
    return new Region(
        from,
        to,
        region.kind(),
        region.name(),
        region.liveBytes(),
        region.liveAllocations(),
        region.resident());
  }
}
