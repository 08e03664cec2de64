package org.heapatlas.model;

/**
 * Tiles of [from, to), sparse: the columns are aligned, {@code index[i]} is the tile's number from
 * {@code from}. A tile with nothing in it is left out. Arrays are shared, not copied; nobody writes
 * them.
 */
public record Tiles(
    long from,
    long to,
    long tileBytes,
    int[] index,
    long[] liveBytes,
    int[] liveAllocations,
    int[] allocations,
    long now,
    Coverage coverage) {}
