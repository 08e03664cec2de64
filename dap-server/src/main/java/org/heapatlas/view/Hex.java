package org.heapatlas.view;

import java.util.List;

/**
 * Bytes of a process's memory from an address on, with what lies there. {@code at} is the byte that
 * was gone to last, by the journey with the number {@code visit}; {@code lowest} and {@code
 * highest} bound the mapping around it. {@code why} says why bytes cannot be shown, {@code
 * compared} what the changed ones differ from, {@code note} what became of the last action.
 */
public record Hex(
    String from,
    int columns,
    String data,
    List<Run> unreadable,
    String why,
    List<Run> changed,
    String compared,
    List<Span> spans,
    List<Pointer> pointers,
    String at,
    long visit,
    String region,
    String lowest,
    String highest,
    String note,
    String program)
    implements WidgetData {
  /** {@code length} bytes, the first of them {@code at} bytes behind the first one shown. */
  public record Run(int at, int length) {}

  /** A part of the address space: {@code kind} is live, freed, outside, region or unmapped. */
  public record Span(String from, String to, String kind, String owner, long size, String text) {}

  /** A word whose value is an address of mapped memory. */
  public record Pointer(int at, String target, String into) {}
}
