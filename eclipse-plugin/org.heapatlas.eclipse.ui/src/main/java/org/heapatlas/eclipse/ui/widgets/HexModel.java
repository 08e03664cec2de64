package org.heapatlas.eclipse.ui.widgets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.heapatlas.eclipse.view.Address;
import org.heapatlas.eclipse.view.Csv;
import org.heapatlas.eclipse.view.Format;
import org.heapatlas.eclipse.view.Hex;
import org.heapatlas.eclipse.view.Hex.MemorySpan;
import org.heapatlas.eclipse.view.Hex.Pointer;
import org.heapatlas.eclipse.view.Hex.SpanKind;

/**
 * What a window of bytes shows, apart from how it is drawn: which span a byte lies in and where the
 * span's outline runs, the values that bytes stand for, the words for them. Indices count from the
 * window's first byte. Pure.
 */
public final class HexModel {
  static final String UNREADABLE = "··";
  private static final int WORD = 8;
  private static final int LONGEST_STRING = 64;
  private static final String NONE = "–";

  /** The sides of a byte's cell on which its block ends. */
  record Edges(boolean top, boolean right, boolean bottom, boolean left) {}

  public record TypedValue(String type, String text) {}

  private final Hex data;
  private final int[] spanOf;
  private final Map<Integer, Pointer> pointers = new HashMap<>();
  private final List<String> owners;

  public HexModel(Hex data) {
    this.data = data;
    spanOf = new int[data.bytes().size()];
    Arrays.fill(spanOf, -1);
    for (int i = 0; i < data.spans().size(); i++) {
      var range = data.spans().get(i).range();
      int from = clamp(range.from());
      Arrays.fill(spanOf, from, Math.max(from, clamp(range.to())), i);
    }
    for (var pointer : data.pointers()) {
      for (int i = 0; i < WORD; i++) pointers.put(pointer.at() + i, pointer);
    }
    owners =
        data.spans().stream()
            .filter(MemorySpan::isBlock)
            .map(MemorySpan::owner)
            .distinct()
            .toList();
  }

  private int clamp(long address) {
    if (Long.compareUnsigned(address, data.from()) <= 0) return 0;
    long at = address - data.from();
    return Long.compareUnsigned(at, spanOf.length) > 0 ? spanOf.length : (int) at;
  }

  public Hex data() {
    return data;
  }

  /** The byte's number in the window; nothing when it lies outside. */
  public OptionalInt indexOf(long address) {
    long at = address - data.from();
    return Long.compareUnsigned(at, spanOf.length) < 0
        ? OptionalInt.of((int) at)
        : OptionalInt.empty();
  }

  long addressOf(int index) {
    return data.from() + index;
  }

  Optional<MemorySpan> spanAt(int index) {
    return spanOf[index] < 0 ? Optional.empty() : Optional.of(data.spans().get(spanOf[index]));
  }

  Optional<Pointer> pointerAt(int index) {
    return Optional.ofNullable(pointers.get(index));
  }

  /** What an owner's colour goes by: owners of blocks in the order in which they come. */
  int colourOf(MemorySpan span) {
    return Math.max(0, owners.indexOf(span.owner()));
  }

  /** Of the block in which a byte lies, as far as they are in sight. */
  Optional<Edges> edges(int index) {
    return spanAt(index)
        .filter(MemorySpan::isBlock)
        .map(
            span -> {
              int column = index % data.columns();
              long address = addressOf(index);
              return new Edges(
                  !span.range().contains(address - data.columns()),
                  column == data.columns() - 1 || !isSame(index, index + 1),
                  !span.range().contains(address + data.columns()),
                  column == 0 || !isSame(index, index - 1));
            });
  }

  private boolean isSame(int index, int other) {
    return other >= 0 && other < spanOf.length && spanOf[other] == spanOf[index];
  }

  String byteText(int index) {
    return data.unreadable().get(index) ? UNREADABLE : "%02x".formatted(data.bytes().get(index));
  }

  /**
   * A printable character, a dot for another one, and nothing that could be taken for one where
   * nothing was read.
   */
  String letter(int index) {
    if (data.unreadable().get(index)) return " ";
    int value = data.bytes().get(index);
    return value >= 0x20 && value < 0x7f ? Character.toString(value) : ".";
  }

  /** The readable bytes from one on, at most so many. */
  private byte[] readFrom(int index, int most) {
    int end = Math.min(spanOf.length, index + most);
    int at = index;
    while (at < end && !data.unreadable().get(at)) at++;
    return data.bytes().copy(index, at);
  }

  /** Where the pointer under a byte begins: of the word that is known for one, else at the byte. */
  int wordAt(int index) {
    return pointerAt(index).map(Pointer::at).orElse(index);
  }

  /** One sentence about a byte, for the status line and for screen readers. */
  String sentence(int index) {
    var value =
        data.unreadable().get(index)
            ? "not readable"
            : ("0x" + byteText(index) + " " + quoted(index)).strip();
    var changed = data.changed().get(index) ? ", changed " + data.compared() : "";
    var where = spanAt(index).map(span -> "; " + placeIn(span, addressOf(index))).orElse("");
    return Address.toWire(addressOf(index)) + ": " + value + changed + where;
  }

  private String quoted(int index) {
    var letter = letter(index);
    return letter.equals(".") && data.bytes().get(index) != '.' ? "" : "'" + letter + "'";
  }

  private static String placeIn(MemorySpan span, long address) {
    return span.isBlock()
        ? "byte %d of %s".formatted(address - span.range().from(), title(span))
        : Stream.of(span.owner(), span.text())
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", "));
  }

  /** What a span is, as a legend says it. */
  static String title(MemorySpan span) {
    return switch (span.kind()) {
      case LIVE -> Format.bytes(span.size()) + " by " + span.owner();
      case FREED -> "freed: " + Format.bytes(span.size()) + " by " + span.owner();
      case OUTSIDE, REGION, UNMAPPED -> span.owner();
    };
  }

  /** The bytes of [first, last] as they are copied. */
  String copied(int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(this::byteText)
        .collect(Collectors.joining(" "));
  }

  /** A line a row: its address, its bytes, and whose they are. */
  String csv() {
    var lines = new ArrayList<List<String>>();
    lines.add(List.of("address", "bytes", "owners"));
    for (int row = 0; row < data.rows(); row++) {
      int first = row * data.columns();
      int last = Math.min(first + data.columns(), spanOf.length) - 1;
      lines.add(
          List.of(Address.toWire(addressOf(first)), copied(first, last), ownersOf(first, last)));
    }
    return Csv.of(lines);
  }

  private String ownersOf(int first, int last) {
    var names = new LinkedHashSet<String>();
    for (int i = first; i <= last; i++) {
      spanAt(i)
          .map(span -> span.kind() == SpanKind.FREED ? "freed: " + span.owner() : span.owner())
          .ifPresent(names::add);
    }
    return String.join("; ", names);
  }

  /** What the bytes from one on stand for. */
  public List<TypedValue> valuesAt(int index) {
    var bytes = readFrom(index, WORD);
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return List.of(
        value(bytes, "u8", 1, () -> Integer.toString(Byte.toUnsignedInt(buffer.get(0)))),
        value(bytes, "i8", 1, () -> Byte.toString(buffer.get(0))),
        value(bytes, "u16", 2, () -> Integer.toString(Short.toUnsignedInt(buffer.getShort(0)))),
        value(bytes, "i16", 2, () -> Short.toString(buffer.getShort(0))),
        value(bytes, "u32", 4, () -> Integer.toUnsignedString(buffer.getInt(0))),
        value(bytes, "i32", 4, () -> Integer.toString(buffer.getInt(0))),
        value(bytes, "u64", 8, () -> Long.toUnsignedString(buffer.getLong(0))),
        value(bytes, "i64", 8, () -> Long.toString(buffer.getLong(0))),
        value(bytes, "f32", 4, () -> ShortestNumber.of(buffer.getFloat(0), 7)),
        value(bytes, "f64", 8, () -> ShortestNumber.of(buffer.getDouble(0), 15)));
  }

  private static TypedValue value(byte[] bytes, String type, int size, Supplier<String> read) {
    return new TypedValue(type, bytes.length < size ? NONE : read.get());
  }

  /** The pointer from a byte on, as people write it. */
  String pointerText(int index) {
    var known = pointerAt(index);
    if (known.isPresent()) return Address.toWire(known.get().target());
    var bytes = readFrom(index, WORD);
    if (bytes.length < WORD) return NONE;
    return Address.toWire(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
  }

  /**
   * The zero-terminated text from a byte on, in quotes; cut where it is long or the window ends.
   */
  public String stringAt(int index) {
    var bytes = readFrom(index, LONGEST_STRING);
    if (bytes.length == 0) return NONE;
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) end++;
    var text = new String(bytes, 0, end, StandardCharsets.UTF_8);
    var shown = text.replaceAll("\\p{Cntrl}", "·");
    return "\"" + shown + "\"" + (end == bytes.length ? "…" : "");
  }
}
