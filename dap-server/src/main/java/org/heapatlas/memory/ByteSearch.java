package org.heapatlas.memory;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.MemoryContent;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Region;
import org.heapatlas.session.HeapSource;

/**
 * Looks through a live process's mappings for bytes, from an address on. Main entries: parse, read.
 * A match lies in one mapping.
 */
record ByteSearch(OptionalLong found, long searched, boolean more) {
  static final long MOST_BYTES = 1L << 30;
  private static final int PART = 1 << 20;
  private static final int MOST_WANTED = 256;

  /**
   * {@code wanted} are the bytes as hexadecimal digits; {@code number} tells two searches apart.
   */
  record Question(long process, String wanted, long from, long number) {}

  /** Hexadecimal digits, or text between quotes; answers digits. */
  static String parse(String text) {
    String written = text.strip();
    boolean quoted = written.length() >= 2 && written.startsWith("\"") && written.endsWith("\"");
    String digits =
        quoted
            ? HexFormat.of()
                .formatHex(
                    written.substring(1, written.length() - 1).getBytes(StandardCharsets.UTF_8))
            : written.replaceAll("^0[xX]|\\s+", "");
    if (digits.isEmpty() || digits.length() % 2 != 0 || !digits.matches("[0-9a-fA-F]+")) {
      throw Problem.usedWrongly(
          "'%s' cannot be searched for; write bytes as 7f 45 4c 46, or text as \"ELF\""
              .formatted(written.length() <= 40 ? written : written.substring(0, 40) + "…"));
    }
    if (digits.length() / 2 > MOST_WANTED) {
      throw Problem.usedWrongly("at most %d bytes are searched for".formatted(MOST_WANTED));
    }
    return digits.toLowerCase(Locale.ROOT);
  }

  static ByteSearch read(
      HeapSource source, Question question, LongReading.Course<ByteSearch> course) {
    byte[] wanted = HexFormat.of().parseHex(question.wanted());
    List<Region> regions =
        source.regions(question.process()).regions().stream()
            .filter(region -> Long.compareUnsigned(region.to(), question.from()) > 0)
            .toList();
    long all = Math.min(MOST_BYTES, regions.stream().mapToLong(Region::length).sum());
    long searched = 0;
    for (Region region : regions) {
      long at =
          Long.compareUnsigned(region.from(), question.from()) < 0
              ? question.from()
              : region.from();
      while (Long.compareUnsigned(at, region.to()) < 0) {
        if (searched >= MOST_BYTES) {
          return new ByteSearch(OptionalLong.empty(), searched, true);
        }
        byte[] part = part(source, question.process(), at, region.to());
        int match = indexOf(part, wanted);
        if (match >= 0) {
          return new ByteSearch(OptionalLong.of(at + match), searched + match, false);
        }
        if (part.length < wanted.length) {
          break; // the rest of the mapping cannot be read, or is too short
        }
        long read = part.length - wanted.length + 1L;
        at += read;
        searched += read;
        course.soFar(null, Math.min(1, (double) searched / Math.max(1, all)));
      }
    }
    return new ByteSearch(OptionalLong.empty(), searched, false);
  }

  private static byte[] part(HeapSource source, long process, long from, long to) {
    MemoryContent part = source.readMemory(process, from, Math.min(PART, to - from));
    return part.data();
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int at = 0; at + wanted.length <= bytes.length; at++) {
      int same = 0;
      while (same < wanted.length && bytes[at + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return at;
      }
    }
    return -1;
  }

  /** What a user is told of a search that has ended. */
  String words(String wanted) {
    if (found.isPresent()) {
      return "";
    }
    String shown = wanted.length() <= 24 ? wanted : wanted.substring(0, 24) + "…";
    return "%s does not occur in %s %s"
        .formatted(
            shown,
            more ? "the next" : "the",
            Bytes.text(searched)
                + (more ? "; search on from there" : " that can be read from here on"));
  }
}
