package org.heapatlas.cli;

import sun.misc.Signal;

/**
 * What the terminal sends while a program runs: Ctrl-C is the program's, and ending us ends the
 * program.
 */
final class Signals {
  private Signals() {}

  /** The program gets Ctrl-C from the terminal itself, as if we were not there, and decides. */
  static void leaveToProgram() {
    Signal.handle(new Signal("INT"), signal -> {});
  }

  static void passTermination(Process process) {
    Signal.handle(new Signal("TERM"), signal -> process.destroy());
    Signal.handle(new Signal("HUP"), signal -> process.destroy());
  }
}
