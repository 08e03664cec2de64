package org.heapatlas.model;

/** Nanoseconds since the process's start, [from, to); {@code to} 0: no end. */
public record TimeSpan(long from, long to) {
  public static final TimeSpan ALL = new TimeSpan(0, 0);
}
