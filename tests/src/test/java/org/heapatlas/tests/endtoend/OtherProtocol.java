package org.heapatlas.tests.endtoend;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.heapatlas.proto.CollectorGrpc;
import org.heapatlas.proto.HelloReply;
import org.heapatlas.proto.HelloRequest;

/**
 * A collector of protocol 2 on a node's socket: it greets whoever comes, or refuses them as
 * collectors do.
 */
final class OtherProtocol extends CollectorGrpc.CollectorImplBase implements AutoCloseable {
  // Held, for the logging system keeps only weak references: a Unix socket has no SO_KEEPALIVE,
  // which Netty warns of.
  private static final Logger NETTY =
      Logger.getLogger("io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap");

  private final boolean refuses;
  private final EventLoopGroup threads = new EpollEventLoopGroup(1);
  private final Server server;

  OtherProtocol(Path folder, boolean refuses) throws IOException {
    NETTY.setLevel(Level.SEVERE);
    this.refuses = refuses;
    this.server =
        NettyServerBuilder.forAddress(
                new DomainSocketAddress(folder.resolve("collector.sock").toFile()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(threads)
            .workerEventLoopGroup(threads)
            .addService(this)
            .build()
            .start();
  }

  @Override
  public void hello(HelloRequest request, StreamObserver<HelloReply> answer) {
    if (refuses) {
      String sentence =
          "the client speaks collector protocol 1, this collector speaks 2; use the server and the collector of one release";
      answer.onError(Status.FAILED_PRECONDITION.withDescription(sentence).asRuntimeException());
    } else {
      answer.onNext(HelloReply.newBuilder().setProtocol(2).setVersion("9").setPid(4711).build());
      answer.onCompleted();
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    var _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
