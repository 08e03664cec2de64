package org.heapatlas.model;

/** A block that an allocator of the program's own has given out. */
public record PoolBlock(String pool, long address, long size) {}
