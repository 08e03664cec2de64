package org.heapatlas.cli;

/** Our own words, which never go where the program's output goes. */
final class Say {
  private Say() {}

  /** One sentence behind our name. */
  static void line(String sentence) {
    System.err.println("heapatlas: " + sentence + (sentence.matches(".*[.!?…:]$") ? "" : "."));
  }

  static void text(String text) {
    System.err.println(text);
  }
}
