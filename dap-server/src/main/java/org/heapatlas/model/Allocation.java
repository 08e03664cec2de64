package org.heapatlas.model;

/** A live allocation. */
public record Allocation(
    long address, long size, long time, int tid, long site, String tag, Stack stack) {}
