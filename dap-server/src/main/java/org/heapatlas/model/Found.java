package org.heapatlas.model;

import java.util.List;
import java.util.Optional;

/** What lies at an address: the allocation that holds it, its neighbours, region and pools. */
public record Found(
    Optional<Allocation> allocation,
    Optional<Allocation> before,
    Optional<Allocation> after,
    Optional<Region> region,
    List<PoolBlock> poolBlocks) {}
