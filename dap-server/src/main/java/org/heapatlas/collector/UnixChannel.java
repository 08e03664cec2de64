package org.heapatlas.collector;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A gRPC channel over a Unix socket, with one thread of its own. */
final class UnixChannel {
  private static final int MAX_MESSAGE = 64 << 20;
  // Held, for the logging system keeps only weak references: gRPC sets SO_KEEPALIVE, which a Unix
  // socket has not, and
  // Netty warns of it at every connection.
  private static final Logger NETTY =
      Logger.getLogger("io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap");

  private UnixChannel() {}

  /** {@code revive} makes somebody listen on the socket. */
  static CollectorClient open(Path socket, Runnable revive, CollectorProblem.Peer peer) {
    NETTY.setLevel(Level.SEVERE);
    EventLoopGroup group = new EpollEventLoopGroup(1, new DefaultThreadFactory("collector", true));
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(group)
            .usePlaintext()
            .overrideAuthority("localhost")
            .maxInboundMessageSize(MAX_MESSAGE)
            .build();
    return new CollectorClient(
        channel,
        () -> {
          var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        },
        revive,
        peer);
  }
}
