package org.heapatlas.memory;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.heapatlas.model.MemoryContent;
import org.heapatlas.session.HeapSource;
import org.heapatlas.view.Hex;

/** Bytes from an address on, and which of them could be read; the others are 0. */
record ByteWindow(long from, byte[] bytes, BitSet readable) {
  /** What a page of a live process is to the kernel, all or nothing can be read of. */
  static final int PAGE = 4096;

  /** A recording has kept what was asked for, which begins anywhere; blocks begin at such. */
  static final int KEPT_FROM = 16;

  /** Behind what cannot be read it goes on at the next multiple of {@code step}. */
  static ByteWindow read(HeapSource source, long process, long from, int length, int step) {
    byte[] bytes = new byte[length];
    BitSet readable = new BitSet(length);
    int at = 0;
    while (at < length) {
      MemoryContent part = source.readMemory(process, from + at, length - at);
      int got = Math.min(part.data().length, length - at);
      System.arraycopy(part.data(), 0, bytes, at, got);
      readable.set(at, at + got);
      at += got;
      long next = ((from + at) & -step) + step;
      at = Math.toIntExact(Math.min(length, next - from));
    }
    return new ByteWindow(from, bytes, readable);
  }

  int length() {
    return bytes.length;
  }

  boolean isReadable(int at, int count) {
    return at + count <= bytes.length && readable.nextClearBit(at) >= at + count;
  }

  /** Eight bytes as the machine reads them. */
  long word(int at) {
    long word = 0;
    for (int i = Long.BYTES - 1; i >= 0; i--) {
      word = (word << Byte.SIZE) | (bytes[at + i] & 0xff);
    }
    return word;
  }

  List<Hex.Run> unreadable() {
    BitSet missing = (BitSet) readable.clone();
    missing.flip(0, bytes.length);
    return runs(missing);
  }

  static List<Hex.Run> runs(BitSet marked) {
    List<Hex.Run> runs = new ArrayList<>();
    for (int at = marked.nextSetBit(0); at >= 0; ) {
      int end = marked.nextClearBit(at);
      runs.add(new Hex.Run(at, end - at));
      at = marked.nextSetBit(end);
    }
    return List.copyOf(runs);
  }
}
