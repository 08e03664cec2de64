package org.heapatlas.collector;

import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.heapatlas.model.Problem;

/**
 * A gRPC channel to a collector on another machine, by mutual TLS: it must show a certificate of
 * our CA, and we show it one of our own.
 */
final class TlsChannel {
  private static final int MAX_MESSAGE = 64 << 20;
  private static final long PING_SECONDS = 30;
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]\\s]+):(\\d{1,5})");

  // Held, for the logging system keeps only weak references: a name that does not resolve is told
  // with its stack trace.
  private static final Logger GRPC = Logger.getLogger("io.grpc.internal.ManagedChannelImpl");

  private TlsChannel() {}

  /** {@code certificates}: the folder of our own. */
  static CollectorClient open(String address, Path certificates) {
    Matcher parts = ADDRESS.matcher(address);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65_535) {
      throw Problem.usedWrongly("'%s' is no node; write it as HOST:PORT".formatted(address));
    }
    GRPC.setLevel(Level.SEVERE);
    ManagedChannel channel =
        Grpc.newChannelBuilder(address, new Certificates(certificates).credentials())
            .maxInboundMessageSize(MAX_MESSAGE)
            .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
            .build();
    return new CollectorClient(channel, () -> {}, () -> {}, CollectorProblem.Peer.at(address));
  }
}
