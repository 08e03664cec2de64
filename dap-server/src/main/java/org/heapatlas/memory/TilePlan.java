package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.List;
import org.heapatlas.model.Address;
import org.heapatlas.model.Region;

/**
 * Which runs of the address space a heat map shows, and how large its tiles are: the smallest power
 * of two with which all runs fit the budget of tiles. Must hold: every run starts at a multiple of
 * the tile, runs are in address order and do not overlap, and their tiles together are at most the
 * budget (but for one partial tile a run).
 */
record TilePlan(long tileBytes, List<Run> runs) {
  /** A run of tiles; {@code region} is the one that gives it its name. */
  record Run(long from, long to, Region region) {
    long length() {
      return to - from;
    }

    int tiles(long tileBytes) {
      return Math.toIntExact((length() + tileBytes - 1) / tileBytes);
    }
  }

  /** Where the addresses of programs end, and the collector's knowledge. */
  static final long END_OF_ADDRESSES = 1L << 47;

  private static final long SMALLEST_TILE = 16;
  private static final long LARGEST_TILE = 1L << 40;
  private static final int MOST_RUNS = 64;

  /** An emptiness of up to so many tiles between two regions is drawn rather than cut out. */
  private static final long BRIDGED_TILES = 8;

  int tiles() {
    return runs.stream().mapToInt(run -> run.tiles(tileBytes)).sum();
  }

  /** All these regions, which are in address order. */
  static TilePlan of(List<Region> regions, int budget) {
    long tile = SMALLEST_TILE;
    while (tile < LARGEST_TILE) {
      List<Run> runs = cluster(regions, tile);
      if (runs.size() <= MOST_RUNS && fits(runs, tile, budget)) {
        return new TilePlan(tile, runs);
      }
      tile *= 2;
    }
    return new TilePlan(tile, cluster(regions, tile));
  }

  /** One range of the address space, cut to whole tiles. */
  static TilePlan of(Address.Range range, Region region, int budget) {
    long tile = SMALLEST_TILE;
    while (tile < LARGEST_TILE && Long.divideUnsigned(range.length(), tile) > budget) {
      tile *= 2;
    }
    return new TilePlan(
        tile, List.of(new Run(range.from() & -tile, upTo(range.to(), tile), region)));
  }

  private static List<Run> cluster(List<Region> regions, long tile) {
    List<Run> runs = new ArrayList<>();
    for (Region region : regions) {
      long from = region.from() & -tile;
      long to = upTo(region.to(), tile);
      Run last = runs.isEmpty() ? null : runs.getLast();
      if (last != null && from - last.to() <= BRIDGED_TILES * tile) {
        Region name = region.liveBytes() > last.region().liveBytes() ? region : last.region();
        runs.set(runs.size() - 1, new Run(last.from(), Math.max(to, last.to()), name));
      } else {
        runs.add(new Run(from, to, region));
      }
    }
    return runs;
  }

  private static boolean fits(List<Run> runs, long tile, int budget) {
    long tiles = 0;
    for (Run run : runs) {
      tiles += run.length() / tile;
    }
    return tiles <= budget;
  }

  private static long upTo(long address, long tile) {
    return (address + tile - 1) & -tile;
  }
}
