package org.heapatlas.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.proto.CollectorGrpc;
import org.heapatlas.proto.HelloReply;
import org.heapatlas.proto.HelloRequest;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.ProcessState;
import org.heapatlas.proto.Summary;
import org.heapatlas.proto.SummaryRequest;
import org.heapatlas.proto.TilesReply;
import org.heapatlas.proto.TilesRequest;
import org.heapatlas.proto.WatchProcessesRequest;
import org.heapatlas.session.HeapSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CollectorClientTest {
  private Server server;

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private CollectorClient connect(BindableService service) throws IOException {
    server =
        InProcessServerBuilder.forName("fake").directExecutor().addService(service).build().start();
    ManagedChannel channel = InProcessChannelBuilder.forName("fake").build();
    return new CollectorClient(channel, () -> {}, () -> {}, CollectorProblem.Peer.LOCAL);
  }

  /** A collector that greets with a version and knows one process, number 1. */
  private static class FakeCollector extends CollectorGrpc.CollectorImplBase {
    private final int protocol;

    FakeCollector(int protocol) {
      this.protocol = protocol;
    }

    @Override
    public void hello(HelloRequest request, StreamObserver<HelloReply> answer) {
      answer.onNext(
          HelloReply.newBuilder().setProtocol(protocol).setVersion("9").setPid(42).build());
      answer.onCompleted();
    }

    @Override
    public void watchProcesses(WatchProcessesRequest request, StreamObserver<ProcessInfo> answer) {
      answer.onNext(
          ProcessInfo.newBuilder()
              .setProcess(1)
              .setSession(request.getSession())
              .setState(ProcessState.STOPPED)
              .build());
      answer.onNext(
          ProcessInfo.newBuilder().setProcess(1).setStateValue(99).setModeValue(99).build());
    }

    @Override
    public void summarize(SummaryRequest request, StreamObserver<Summary> answer) {
      answer.onError(
          request.getProcess() == 1
              ? Status.UNAVAILABLE.asRuntimeException()
              : Status.NOT_FOUND.withDescription("there is no process 2").asRuntimeException());
    }

    @Override
    public void tiles(TilesRequest request, StreamObserver<TilesReply> answer) {
      answer.onNext(
          TilesReply.newBuilder()
              .addIndex(3)
              .addLiveBytes(64)
              .addLiveAllocations(-1)
              .addAllocations(1)
              .build());
      answer.onCompleted();
    }
  }

  @Test
  void aCollectorOfAnotherProtocolIsRefusedWithBothVersions() {
    assertThatThrownBy(() -> connect(new FakeCollector(2)))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("protocol 2")
        .hasMessageContaining("this server 1");
  }

  @Test
  void theCollectorsOwnSentenceReachesTheUser() throws IOException {
    try (CollectorClient client = connect(new FakeCollector(1))) {
      assertThatThrownBy(() -> client.summarize(2, 0, false))
          .isInstanceOf(Problem.class)
          .hasMessage("there is no process 2");
      assertThatThrownBy(() -> client.summarize(1, 0, false))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("does not answer");
      assertThatThrownBy(() -> client.regions(1))
          .isInstanceOf(Problem.class)
          .hasMessageNotContaining("StatusRuntime");
    }
  }

  @Test
  void valuesOfANewerCollectorFallBack() throws Exception {
    try (CollectorClient client = connect(new FakeCollector(1))) {
      BlockingQueue<WatchedProcess> seen = new LinkedBlockingQueue<>();
      try (HeapSource.Subscription watching =
          client.watchProcesses("mine", seen::add, notice -> {})) {
        WatchedProcess first = seen.poll(5, TimeUnit.SECONDS);
        assertThat(first).isNotNull();
        assertThat(first.state()).isEqualTo(WatchedProcess.State.STOPPED);
        assertThat(first.session()).isEqualTo("mine");
        WatchedProcess second = seen.poll(5, TimeUnit.SECONDS);
        assertThat(second).isNotNull();
        assertThat(second.state()).isEqualTo(WatchedProcess.State.RUNNING);
      }
      assertThat(client.tiles(1, 0, 4096, 16).index()).containsExactly(3);
    }
  }
}
