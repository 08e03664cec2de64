package org.heapatlas.model;

/**
 * The process's figures over time; the columns are aligned with {@code time}. Nobody writes the
 * arrays.
 */
public record Series(
    long[] time,
    long[] liveBytes,
    long[] liveAllocations,
    double[] allocationsPerSecond,
    double[] releasesPerSecond,
    long[] rssBytes,
    long now,
    Coverage coverage) {}
