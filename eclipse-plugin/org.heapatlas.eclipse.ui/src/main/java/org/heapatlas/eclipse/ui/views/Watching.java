package org.heapatlas.eclipse.ui.views;

import java.math.BigInteger;
import org.eclipse.core.runtime.CoreException;
import org.heapatlas.eclipse.dap.Dap;
import org.heapatlas.eclipse.dap.DapWatchpoint;
import org.heapatlas.eclipse.view.AddressRange;

/** Watchpoints on what views show. */
final class Watching {
  private static final long MOST_BYTES = 1L << 30;

  private Watching() {}

  /** In one sentence what was done, or why it was not. */
  static String set(AddressRange bytes) {
    if (bytes.length() < 1 || bytes.length() > MOST_BYTES) {
      return "A watchpoint has from 1 to 1,073,741,824 bytes; look closer first.";
    }
    try {
      var from = new BigInteger(Long.toUnsignedString(bytes.from()));
      return "Watching %s.".formatted(DapWatchpoint.at(from, (int) bytes.length()).description());
    } catch (CoreException e) {
      return "The watchpoint cannot be set: " + Dap.message(e);
    }
  }
}
