package org.heapatlas.model;

/** Addresses as text. A range is {@code 0xFROM-0xTO} with an exclusive end. */
public final class Address {
  private Address() {}

  public record Range(long from, long to) {
    /** No range: all addresses. */
    public static final Range ALL = new Range(0, 0);

    public long length() {
      return to - from;
    }

    @Override
    public String toString() {
      return text(from) + "-" + text(to);
    }
  }

  public static String text(long address) {
    return "0x" + Long.toHexString(address);
  }

  /** Hexadecimal with 0x, or decimal; a Problem names what cannot be read. */
  public static long parse(String text) {
    String digits = text.strip();
    try {
      return digits.startsWith("0x") || digits.startsWith("0X")
          ? Long.parseUnsignedLong(digits.substring(2), 16)
          : Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw new Problem(
          Problem.Kind.USED_WRONGLY,
          "'%s' is not an address; write it as 0x…".formatted(shortened(text)),
          e);
    }
  }

  public static Range parseRange(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      throw Problem.usedWrongly(
          "'%s' is not a range; write it as 0xFROM-0xTO".formatted(shortened(text)));
    }
    Range range = new Range(parse(text.substring(0, dash)), parse(text.substring(dash + 1)));
    if (Long.compareUnsigned(range.from(), range.to()) >= 0) {
      throw Problem.usedWrongly("the range '%s' is empty".formatted(shortened(text)));
    }
    return range;
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
