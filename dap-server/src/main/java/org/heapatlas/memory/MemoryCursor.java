package org.heapatlas.memory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.heapatlas.model.Address;
import org.heapatlas.model.Problem;

/**
 * The byte that is looked at, the window of rows around it, and the way back to those before. Main
 * entries: go, show, scroll. Called by the view of the bytes. The window begins at a multiple of
 * its columns and does not reach over the end of the address space.
 */
final class MemoryCursor {
  static final int MOST_ROWS = 128;
  private static final int MOST_COLUMNS = 32;
  private static final int MOST_STEPS_BACK = 100;

  /** No program has its last page mapped, so that the end of a window is an address as well. */
  private static final long END = -4096;

  private static final Pattern PLACE =
      Pattern.compile("(0[xX][0-9a-fA-F]+|\\d+)?\\s*(?:([+-])\\s*(0[xX][0-9a-fA-F]+|\\d+))?");

  private final Deque<Long> before = new ArrayDeque<>();
  private final Deque<Long> after = new ArrayDeque<>();
  private int columns = 16;
  private int rows = 24;
  private long from;
  private long at;
  private long visit;

  long from() {
    return from;
  }

  long at() {
    return at;
  }

  /** How many journeys there were: a front end moves its own cursor with each. */
  long visit() {
    return visit;
  }

  int columns() {
    return columns;
  }

  int length() {
    return columns * rows;
  }

  boolean isPlaced() {
    return visit > 0;
  }

  boolean leadsBack() {
    return !before.isEmpty();
  }

  boolean leadsForward() {
    return !after.isEmpty();
  }

  /** As many rows as there is room for. */
  void size(long wantedColumns, long wantedRows) {
    columns = Integer.highestOneBit(Math.clamp(wantedColumns, 4, MOST_COLUMNS));
    rows = Math.clamp(wantedRows, 1, MOST_ROWS);
    begin(from);
    if (!shows(at)) {
      centre();
    }
  }

  /** A journey, from which back leads to where it began. */
  void go(long address) {
    if (isPlaced() && address != at) {
      push(before, at);
      after.clear();
    }
    arrive(address);
  }

  boolean back() {
    return step(before, after);
  }

  boolean forward() {
    return step(after, before);
  }

  private boolean step(Deque<Long> way, Deque<Long> other) {
    Long address = way.pollLast();
    if (address == null) {
      return false;
    }
    push(other, at);
    arrive(address);
    return true;
  }

  private static void push(Deque<Long> way, long address) {
    if (way.size() >= MOST_STEPS_BACK) {
      way.removeFirst();
    }
    way.addLast(address);
  }

  private void arrive(long address) {
    at = Long.compareUnsigned(address, END) < 0 ? address : END - 1;
    visit++;
    if (!shows(at)) {
      centre();
    }
  }

  /** Rows on, or back; the front end has its cursor there already. */
  void scroll(long byRows, long cursor) {
    long by = (long) Math.clamp(byRows, -MOST_ROWS, MOST_ROWS) * columns;
    boolean before = by < 0 && Long.compareUnsigned(from, -by) < 0;
    begin(before ? 0 : from + by);
    at = cursor;
  }

  /** The window moves no further than it must. */
  void show(long address) {
    at = Long.compareUnsigned(address, END) < 0 ? address : END - 1;
    if (Long.compareUnsigned(at, from) < 0) {
      begin(at);
    } else if (!shows(at)) {
      begin((at & -columns) - length() + columns);
    }
  }

  private boolean shows(long address) {
    return Long.compareUnsigned(address - from, length()) < 0;
  }

  /** A little of what lies before it is seen too. */
  private void centre() {
    long above = (long) (rows / 4) * columns;
    begin(Long.compareUnsigned(at, above) < 0 ? 0 : at - above);
  }

  private void begin(long address) {
    long last = END - length();
    from = (Long.compareUnsigned(address, last) > 0 ? last : address) & -columns;
  }

  /** An address, one with an offset, or an offset alone, which counts from {@code base}. */
  static long place(String text, long base) {
    Matcher place = PLACE.matcher(text.strip());
    if (text.isBlank() || !place.matches()) {
      throw Problem.usedWrongly(
          "'%s' is not a place in memory; write it as 0x…, 0x…+16 or +16"
              .formatted(text.length() <= 40 ? text : text.substring(0, 40) + "…"));
    }
    long start = place.group(1) == null ? base : Address.parse(place.group(1));
    if (place.group(3) == null) {
      return start;
    }
    long offset = Address.parse(place.group(3));
    return place.group(2).equals("-") ? start - offset : start + offset;
  }
}
