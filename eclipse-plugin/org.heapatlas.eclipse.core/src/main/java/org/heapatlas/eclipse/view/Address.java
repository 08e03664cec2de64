package org.heapatlas.eclipse.view;

import java.util.regex.Pattern;

/** Addresses: a string "0x…" on the wire, an unsigned long in arithmetic. */
public final class Address {
  private static final Pattern WIRE = Pattern.compile("0[xX][0-9a-fA-F]{1,16}");

  private Address() {}

  public static boolean isWire(String text) {
    return WIRE.matcher(text).matches();
  }

  public static String toWire(long address) {
    return "0x" + Long.toHexString(address);
  }

  /** Of a text that {@link #isWire}. */
  public static long ofWire(String text) {
    return Long.parseUnsignedLong(text.substring(2), 16);
  }

  /**
   * A count of bytes, which may be more than a long's half, as a number to be written or divided.
   */
  public static double toDouble(long unsigned) {
    return unsigned >= 0 ? unsigned : (double) (unsigned >>> 1) * 2;
  }
}
