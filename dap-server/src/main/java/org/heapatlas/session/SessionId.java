package org.heapatlas.session;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names of new sessions: unlike any other on the node, and short enough for a ring's header. */
public final class SessionId {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 6;

  private SessionId() {}

  public static String fresh(String kind) {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return kind + "-" + ProcessHandle.current().pid() + "-" + HexFormat.of().formatHex(bytes);
  }
}
