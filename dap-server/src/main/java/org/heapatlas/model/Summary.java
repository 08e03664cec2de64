package org.heapatlas.model;

import java.util.List;

/**
 * One process's figures. {@code allocations} and {@code releases} count from the start; {@code
 * sessionProcesses} are all that its collector has ever seen of its session.
 */
public record Summary(
    WatchedProcess process,
    long allocations,
    long releases,
    long liveBytes,
    long liveAllocations,
    long peakBytes,
    long peakTime,
    Coverage coverage,
    List<Site> sites,
    long now,
    long rssBytes,
    long pssBytes,
    long mappedBytes,
    long sessionProcesses) {}
