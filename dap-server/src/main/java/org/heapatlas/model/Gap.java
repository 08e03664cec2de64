package org.heapatlas.model;

/** A span whose events were folded together; the heap map is exact again after it. */
public record Gap(long from, long to, long events) {}
