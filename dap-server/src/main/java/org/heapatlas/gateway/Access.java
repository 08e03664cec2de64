package org.heapatlas.gateway;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.heapatlas.view.FrameEvent;
import org.heapatlas.view.ViewRequests;

/**
 * Who may come in. A token of 128 random bits stands for what its holder may see. A request must
 * name our own host (which a page that rebinds a name to the loopback does not) and, when a browser
 * says where it is from, our own page.
 */
final class Access {
  private static final int TOKEN_BYTES = 16;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Function<Channel, Entrance>> grants = new ConcurrentHashMap<>();

  /** What an open channel may ask, and how it leaves. */
  record Entrance(ViewRequests requests, Runnable leave) {}

  /** Where frames for an entrance go. */
  interface Channel {
    void send(FrameEvent event);
  }

  String grant(Function<Channel, Entrance> enter) {
    byte[] token = new byte[TOKEN_BYTES];
    random.nextBytes(token);
    String text = HexFormat.of().formatHex(token);
    grants.put(text, enter);
    return text;
  }

  void revoke(String token) {
    grants.remove(token);
  }

  /** Compares with every token in constant time. */
  Optional<Function<Channel, Entrance>> entrance(String token) {
    byte[] given = token.getBytes(StandardCharsets.UTF_8);
    Function<Channel, Entrance> found = null;
    for (Map.Entry<String, Function<Channel, Entrance>> grant : grants.entrySet()) {
      if (MessageDigest.isEqual(given, grant.getKey().getBytes(StandardCharsets.UTF_8))) {
        found = grant.getValue();
      }
    }
    return Optional.ofNullable(found);
  }

  /** Host and Origin are the headers' values, null when absent. */
  static boolean ownHost(String host, String origin, int port) {
    boolean hostIsOurs = ("127.0.0.1:" + port).equals(host) || ("localhost:" + port).equals(host);
    boolean originIsOurs =
        origin == null
            || origin.equals("http://127.0.0.1:" + port)
            || origin.equals("http://localhost:" + port);
    return hostIsOurs && originIsOurs;
  }
}
