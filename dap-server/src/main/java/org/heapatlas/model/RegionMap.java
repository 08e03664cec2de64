package org.heapatlas.model;

import java.util.List;

/** The populated address space in address order. */
public record RegionMap(List<Region> regions, long now, Coverage coverage) {}
