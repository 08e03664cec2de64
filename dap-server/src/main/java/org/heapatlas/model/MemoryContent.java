package org.heapatlas.model;

/**
 * Bytes read from a process; {@code unreadable} counts those behind the data that could not be
 * read.
 */
public record MemoryContent(byte[] data, long unreadable) {}
