package org.heapatlas.eclipse.view;

import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Bytes of a process's memory in rows of columns, the first at from.
 *
 * @param unreadable of each byte that could not be read, and why in a sentence
 * @param changed of each byte that differs from what was there, as compared says
 * @param spans in address order
 * @param at the byte that was gone to last, by the journey number visit
 * @param mapping the bounds of the mapping around at; null where nothing is mapped
 */
public record Hex(
    long from,
    int columns,
    Bytes bytes,
    Marked unreadable,
    String why,
    Marked changed,
    String compared,
    List<MemorySpan> spans,
    List<Pointer> pointers,
    long at,
    int visit,
    String region,
    AddressRange mapping,
    String note,
    String program)
    implements WidgetData {
  /** More than any screen shows. */
  private static final int MAX_BYTES = 1 << 16;

  private static final int MAX_COLUMNS = 64;

  public enum SpanKind {
    LIVE,
    FREED,
    OUTSIDE,
    REGION,
    UNMAPPED;

    /** A kind that came after this contract is at least something that lies there. */
    static SpanKind named(String text) {
      return Stream.of(values())
          .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(text))
          .findFirst()
          .orElse(REGION);
    }
  }

  /** What lies in a part of the address space; it may reach beyond the window. */
  public record MemorySpan(
      AddressRange range, SpanKind kind, String owner, double size, String text) {
    public boolean isBlock() {
      return kind == SpanKind.LIVE || kind == SpanKind.FREED;
    }
  }

  /** A word that is an address of mapped memory; at counts from the window's first byte. */
  public record Pointer(int at, long target, String into) {}

  /** An immutable run of bytes. */
  public static final class Bytes {
    private final byte[] bytes;

    private Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    public int size() {
      return bytes.length;
    }

    /** From 0 to 255. */
    public int get(int index) {
      return Byte.toUnsignedInt(bytes[index]);
    }

    public byte[] copy(int from, int to) {
      return java.util.Arrays.copyOfRange(bytes, from, to);
    }
  }

  /** Which bytes of the window are marked. */
  public static final class Marked {
    private final BitSet bits;

    private Marked(BitSet bits) {
      this.bits = bits;
    }

    public boolean get(int index) {
      return bits.get(index);
    }
  }

  static Hex read(Json data) {
    var bytes = readBytes(data);
    int length = bytes.size();
    int columns = data.integer("columns");
    if (columns < 1 || columns > MAX_COLUMNS) {
      throw data.unfit("columns", "a whole number from 1 to " + MAX_COLUMNS, columns);
    }
    return new Hex(
        data.address("from"),
        columns,
        bytes,
        readRuns(data, "unreadable", length),
        data.string("why"),
        readRuns(data, "changed", length),
        data.string("compared"),
        data.list("spans", Hex::readSpan),
        data.list(
            "pointers",
            p -> new Pointer(readIndex(p, length), p.address("target"), p.string("into"))),
        data.address("at"),
        data.integer("visit"),
        data.string("region"),
        data.string("highest").isEmpty() ? null : data.range("lowest", "highest"),
        data.string("note"),
        data.string("program"));
  }

  private static Bytes readBytes(Json data) {
    var base64 = data.string("data");
    if (base64.length() > MAX_BYTES * 4 / 3 + 4) {
      throw data.unfit("data", "at most " + MAX_BYTES + " bytes", "more");
    }
    try {
      return new Bytes(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException malformed) {
      throw data.unfit("data", "bytes in base64", malformed.getMessage());
    }
  }

  private static MemorySpan readSpan(Json span) {
    return new MemorySpan(
        span.range("from", "to"),
        SpanKind.named(span.string("kind")),
        span.string("owner"),
        span.number("size"),
        span.string("text"));
  }

  private static int readIndex(Json object, int length) {
    int at = object.integer("at");
    if (at < 0 || at >= length) {
      throw object.unfit("at", "the number of one of " + length + " bytes", at);
    }
    return at;
  }

  private static Marked readRuns(Json data, String key, int length) {
    var bits = new BitSet(length);
    data.list(
        key,
        run -> {
          int at = readIndex(run, length);
          bits.set(at, Math.min(length, at + Math.max(0, run.integer("length"))));
          return at;
        });
    return new Marked(bits);
  }

  public int rows() {
    return (bytes.size() + columns - 1) / columns;
  }

  public Optional<AddressRange> mappingAround() {
    return Optional.ofNullable(mapping);
  }
}
