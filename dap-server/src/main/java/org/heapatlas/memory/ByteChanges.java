package org.heapatlas.memory;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Which bytes of a window differ from what was there: at the snapshot where there is one, else
 * before. Main entry: in. Called by the view of the bytes for each frame.
 */
final class ByteChanges {
  private ByteWindow before;
  private long[] shownUntil = {};
  private ByteWindow snapshot;

  /** From now on what differs from this is marked; nothing ends the comparison. */
  void compareWith(ByteWindow window) {
    snapshot = window;
  }

  boolean isCompared() {
    return snapshot != null;
  }

  /** Nothing has been seen yet. */
  void forget() {
    before = null;
    snapshot = null;
  }

  /** A change that is seen at this instant is marked until {@code shown} behind it. */
  BitSet in(ByteWindow now, long instant, long shown) {
    long[] until = new long[now.length()];
    Arrays.fill(until, instant);
    BitSet marked = new BitSet(now.length());
    for (int at = 0; before != null && at < now.length(); at++) {
      long old = now.from() + at - before.from();
      if (old < 0 || old >= before.length()) {
        continue;
      }
      until[at] = differs(now, at, before, (int) old) ? instant + shown : shownUntil[(int) old];
      marked.set(at, until[at] - instant > 0);
    }
    before = now;
    shownUntil = until;
    return snapshot == null ? marked : sinceSnapshot(now);
  }

  private BitSet sinceSnapshot(ByteWindow now) {
    BitSet marked = new BitSet(now.length());
    for (int at = 0; at < now.length(); at++) {
      long old = now.from() + at - snapshot.from();
      marked.set(at, old >= 0 && old < snapshot.length() && differs(now, at, snapshot, (int) old));
    }
    return marked;
  }

  private static boolean differs(ByteWindow now, int at, ByteWindow old, int there) {
    return now.readable().get(at)
        && old.readable().get(there)
        && now.bytes()[at] != old.bytes()[there];
  }
}
