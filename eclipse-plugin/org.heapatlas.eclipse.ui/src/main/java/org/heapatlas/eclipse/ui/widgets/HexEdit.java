package org.heapatlas.eclipse.ui.widgets;

import java.util.Locale;
import java.util.Optional;

/**
 * Hexadecimal digits typed over the bytes from an address on; a last single digit is not a byte
 * yet.
 */
record HexEdit(long at, String digits) {
  int bytes() {
    return (digits.length() + 1) / 2;
  }

  boolean isWhole() {
    return !digits.isEmpty() && digits.length() % 2 == 0;
  }

  HexEdit typed(String digit) {
    return new HexEdit(at, digits + digit.toLowerCase(Locale.ROOT));
  }

  /** Without the last digit; nothing when none is left. */
  Optional<HexEdit> shortened() {
    return digits.length() > 1
        ? Optional.of(new HexEdit(at, digits.substring(0, digits.length() - 1)))
        : Optional.empty();
  }

  /** Where the next digit goes. */
  long cursor() {
    return at + digits.length() / 2;
  }

  /** What is typed over a byte. */
  Optional<String> textAt(long address) {
    long index = address - at;
    if (Long.compareUnsigned(index, bytes()) >= 0) return Optional.empty();
    int begin = (int) index * 2;
    var text = digits.substring(begin, Math.min(digits.length(), begin + 2));
    return Optional.of(text.length() == 2 ? text : text + "_");
  }
}
