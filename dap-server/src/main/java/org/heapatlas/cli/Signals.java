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

  /** Whoever ends us ends what this thread waits for; it then says so and cleans up. */
  static void interrupt(Thread waiting) {
    for (String signal : new String[] {"INT", "TERM", "HUP"}) {
      Signal.handle(new Signal(signal), ignored -> waiting.interrupt());
    }
  }

  /** {@code SIGUSR1}: whoever runs a flight recorder wants what it holds. */
  static void onCut(Runnable cut) {
    Signal.handle(new Signal("USR1"), ignored -> cut.run());
  }

  static void passTermination(Process process) {
    Signal.handle(new Signal("TERM"), signal -> process.destroy());
    Signal.handle(new Signal("HUP"), signal -> process.destroy());
  }
}
