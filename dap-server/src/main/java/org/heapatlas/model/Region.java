package org.heapatlas.model;

/** A mapped part of the address space, with what the allocator and the kernel say of it. */
public record Region(
    long from,
    long to,
    String kind,
    String name,
    long liveBytes,
    long liveAllocations,
    Resident resident) {
  public long length() {
    return to - from;
  }
}
