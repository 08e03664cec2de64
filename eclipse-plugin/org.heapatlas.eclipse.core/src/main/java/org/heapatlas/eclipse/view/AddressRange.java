package org.heapatlas.eclipse.view;

/** The addresses from {@code from} up to but not with {@code to}, both unsigned. */
public record AddressRange(long from, long to) {
  public AddressRange {
    if (Long.compareUnsigned(to, from) < 0) {
      throw new IllegalArgumentException(
          "The range %s–%s ends before it starts."
              .formatted(Address.toWire(from), Address.toWire(to)));
    }
  }

  /** Unsigned. */
  public long length() {
    return to - from;
  }

  public double bytes() {
    return Address.toDouble(length());
  }

  public boolean contains(long address) {
    return Long.compareUnsigned(from, address) <= 0 && Long.compareUnsigned(address, to) < 0;
  }

  public boolean overlaps(AddressRange other) {
    return Long.compareUnsigned(from, other.to) < 0 && Long.compareUnsigned(other.from, to) < 0;
  }

  @Override
  public String toString() {
    return Address.toWire(from) + "–" + Address.toWire(to);
  }
}
