package org.heapatlas.model;

/**
 * The process's figures over time; the columns are aligned with {@code time}. {@code threads} are
 * those that ran; 0: not known. Nobody writes the arrays.
 */
public record Series(
    long[] time,
    long[] liveBytes,
    long[] liveAllocations,
    double[] allocationsPerSecond,
    double[] releasesPerSecond,
    long[] rssBytes,
    int[] threads,
    long now,
    Coverage coverage) {}
