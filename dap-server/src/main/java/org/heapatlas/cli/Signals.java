package org.heapatlas.cli;

import java.util.concurrent.CountDownLatch;
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

  /** Counts down when the user or the system ends us. */
  static CountDownLatch end() {
    CountDownLatch over = new CountDownLatch(1);
    for (String signal : new String[] {"INT", "TERM", "HUP"}) {
      Signal.handle(new Signal(signal), ignored -> over.countDown());
    }
    return over;
  }

  static void passTermination(Process process) {
    Signal.handle(new Signal("TERM"), signal -> process.destroy());
    Signal.handle(new Signal("HUP"), signal -> process.destroy());
  }
}
