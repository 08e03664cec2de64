package org.heapatlas.model;

import java.util.Optional;

/** What lies at an address: the allocation that holds it, its neighbours, and the region. */
public record Found(
    Optional<Allocation> allocation,
    Optional<Allocation> before,
    Optional<Allocation> after,
    Optional<Region> region) {}
