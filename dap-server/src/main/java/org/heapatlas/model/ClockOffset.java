package org.heapatlas.model;

/**
 * How far another clock was ahead of the one that measured it, in nanoseconds. {@code at}: since
 * 1970 by the clock that measured. The true offset lies within {@code error} of {@code offset},
 * which is negative when the other clock was behind.
 */
public record ClockOffset(long at, long offset, long error) {}
