package org.heapatlas.model;

import java.util.Locale;

/**
 * One frame of a call stack; {@code function} and {@code file} are empty where nothing is known.
 */
public record StackFrame(
    long pc,
    String function,
    String file,
    int line,
    String module,
    long moduleOffset,
    boolean inlined) {

  /** The function, or the module and offset, or the address: the best name there is. */
  public String title() {
    if (!function.isEmpty()) {
      return function;
    }
    return module.isEmpty()
        ? Address.text(pc)
        : String.format(
            Locale.ROOT, "%s+0x%x", module.substring(module.lastIndexOf('/') + 1), moduleOffset);
  }

  /** The title without what a reader need not know: parameters, and templates' defaults. */
  public String name() {
    return function.isEmpty() ? title() : ReadableName.of(function);
  }

  /** {@code file:line}, or the module. */
  public String place() {
    if (file.isEmpty()) {
      return module;
    }
    return line == 0 ? file : file + ":" + line;
  }
}
