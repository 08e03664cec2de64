package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a plan's tiles lie on a ground: each run is a plot of its own, beside the one before it,
 * and its tiles lie in rows on that as text does. A tile is 1 by 1. Must hold: no two tiles share
 * ground.
 */
record Terrain(int depth, List<Plot> plots) {
  /** How much wider than deep the whole is, roughly. */
  private static final double ASPECT = 2.2;

  private static final int GAP = 1;

  /** {@code x}: where it begins. */
  record Plot(TilePlan.Run run, int x, int columns, int tiles) {
    int columnOf(int tile) {
      return x + tile % columns;
    }

    int rowOf(int tile) {
      return tile / columns;
    }

    int rows() {
      return (tiles + columns - 1) / columns;
    }
  }

  static Terrain of(TilePlan plan) {
    int depth = Math.max(1, (int) Math.ceil(Math.sqrt(plan.tiles() / ASPECT)));
    List<Plot> plots = new ArrayList<>();
    int x = 0;
    for (TilePlan.Run run : plan.runs()) {
      int tiles = run.tiles(plan.tileBytes());
      int columns = Math.max(1, (tiles + depth - 1) / depth);
      plots.add(new Plot(run, x, columns, tiles));
      x += columns + GAP;
    }
    return new Terrain(depth, plots);
  }
}
