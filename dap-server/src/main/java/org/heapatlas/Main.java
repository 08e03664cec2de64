package org.heapatlas;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.heapatlas.cli.Dap;
import org.heapatlas.cli.HeapAtlas;

/**
 * The process: hands over to the command line and ends with its status, whatever threads are left.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // Libraries tell much of their own at the level INFO, on a stderr that is the watched program's
    // too.
    Logger.getLogger("").setLevel(Level.WARNING);
    if (arguments.length == 1 && arguments[0].equals("dap")) {
      // The way of every IDE; parsing one word would cost a quarter of the time to the first
      // answer.
      Dap.stdio();
      System.exit(0);
    }
    System.exit(HeapAtlas.execute(arguments));
  }
}
