package org.heapatlas.tests.endtoend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What tests/programs/chronicle.cc wrote itself of what it did, by thread, in order; a release has
 * no size.
 */
record Chronicle(Map<Integer, List<Entry>> threads) {
  record Entry(long address, long size, long nanos) {
    boolean isOf(long otherAddress, long otherSize) {
      return address == otherAddress && size == otherSize;
    }
  }

  private static final int WORD = Long.BYTES;
  private static final int WORDS_AN_ENTRY = 3;

  static List<String> command(Path program, Path log) {
    return List.of(program.toString(), log.toString(), "2");
  }

  /** As much as is written at this moment. */
  static Chronicle read(Path log) throws IOException {
    Map<Integer, List<Entry>> threads = new TreeMap<>();
    String prefix = log.getFileName() + ".";
    try (Stream<Path> files = Files.list(log.getParent())) {
      for (Path file : files.filter(each -> isOf(each, prefix)).toList()) {
        threads.put(
            Integer.parseInt(file.getFileName().toString().substring(prefix.length())),
            entries(file));
      }
    }
    return new Chronicle(threads);
  }

  private static boolean isOf(Path file, String prefix) {
    return file.getFileName().toString().startsWith(prefix);
  }

  private static List<Entry> entries(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() < WORD) {
        return entries;
      }
      long count = words(channel, 0, 1).getLong();
      ByteBuffer all = words(channel, WORD, count * WORDS_AN_ENTRY);
      for (long i = 0; i < count; i++) {
        entries.add(new Entry(all.getLong(), all.getLong(), all.getLong()));
      }
    }
    return entries;
  }

  private static ByteBuffer words(FileChannel channel, long from, long count) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(count * WORD)).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new IOException("a chronicle is shorter than it says");
      }
    }
    return bytes.flip();
  }
}
