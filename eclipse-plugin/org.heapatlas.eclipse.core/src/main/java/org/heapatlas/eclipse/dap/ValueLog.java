package org.heapatlas.eclipse.dap;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The values of a frame's variables by path, as they were read at this stop and the one before. */
final class ValueLog {
  private volatile Map<String, String> before = Map.of();
  private volatile Map<String, String> now = new ConcurrentHashMap<>();

  /** The program has run. */
  void next() {
    before = now;
    now = new ConcurrentHashMap<>();
  }

  /** Whether the value differs from what was read under that path at the stop before. */
  boolean isNew(String path, String value) {
    now.put(path, value);
    String old = before.get(path);
    return old != null && !old.equals(value);
  }
}
