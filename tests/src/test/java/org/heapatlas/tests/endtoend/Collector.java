package org.heapatlas.tests.endtoend;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.heapatlas.proto.Allocation;
import org.heapatlas.proto.AllocationsRequest;
import org.heapatlas.proto.CollectorGrpc;
import org.heapatlas.proto.HelloReply;
import org.heapatlas.proto.HelloRequest;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.Summary;
import org.heapatlas.proto.SummaryRequest;
import org.heapatlas.proto.WatchProcessesRequest;

/**
 * A node's collector as its contract describes it: a client of its socket that shares nothing with
 * the server's.
 */
final class Collector implements AutoCloseable {
  private static final int LIMIT_SECONDS = 120;
  // Held, for the logging system keeps only weak references: a Unix socket has no SO_KEEPALIVE,
  // which Netty warns of.
  private static final Logger NETTY =
      Logger.getLogger("io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap");

  private final EventLoopGroup threads = new EpollEventLoopGroup(1);
  private final ManagedChannel channel;

  Collector(Path socket) {
    NETTY.setLevel(Level.SEVERE);
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(threads)
            .usePlaintext()
            .overrideAuthority("localhost")
            .build();
  }

  CollectorGrpc.CollectorBlockingStub calls() {
    return CollectorGrpc.newBlockingStub(channel)
        .withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Waits for a collector that is just starting. */
  HelloReply hello() {
    return calls().withWaitForReady().hello(HelloRequest.newBuilder().setProtocol(1).build());
  }

  boolean isConnected() {
    return channel.getState(false) == ConnectivityState.READY;
  }

  /** The first process that fits; waits for it. */
  ProcessInfo await(Predicate<ProcessInfo> fits) {
    Iterator<ProcessInfo> seen = calls().watchProcesses(WatchProcessesRequest.getDefaultInstance());
    while (seen.hasNext()) {
      ProcessInfo process = seen.next();
      if (fits.test(process)) {
        return process;
      }
    }
    throw new IllegalStateException("the collector ended its list of processes");
  }

  /** The figures behind everything that the process has written. */
  Summary summary(long process, boolean waitForEnd) {
    return calls()
        .summarize(
            SummaryRequest.newBuilder()
                .setProcess(process)
                .setTopSites(10)
                .setWaitForEnd(waitForEnd)
                .build());
  }

  /** The whole live table, in address order. */
  List<Allocation> allocations(long process) {
    List<Allocation> all = new ArrayList<>();
    calls()
        .allocations(AllocationsRequest.newBuilder().setProcess(process).build())
        .forEachRemaining(page -> all.addAll(page.getAllocationsList()));
    return all;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    var _ = threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
