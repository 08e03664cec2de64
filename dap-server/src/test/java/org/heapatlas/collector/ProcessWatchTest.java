package org.heapatlas.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.heapatlas.proto.CollectorGrpc;
import org.heapatlas.proto.HelloReply;
import org.heapatlas.proto.HelloRequest;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.ProcessState;
import org.heapatlas.proto.WatchProcessesRequest;
import org.heapatlas.session.HeapSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session outlives its collector. */
class ProcessWatchTest {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final AtomicInteger revivals = new AtomicInteger();
  private Server collector;
  private CollectorClient client;
  private HeapSource.Subscription watching;

  /** Knows these processes, and lets who watches them wait for more. */
  private static final class FakeCollector extends CollectorGrpc.CollectorImplBase {
    private final int protocol;
    private final List<ProcessInfo> known;

    FakeCollector(int protocol, ProcessInfo... known) {
      this.protocol = protocol;
      this.known = List.of(known);
    }

    @Override
    public void hello(HelloRequest request, StreamObserver<HelloReply> answer) {
      answer.onNext(HelloReply.newBuilder().setProtocol(protocol).build());
      answer.onCompleted();
    }

    @Override
    public void watchProcesses(WatchProcessesRequest request, StreamObserver<ProcessInfo> answer) {
      known.forEach(answer::onNext);
      if (request.getKnownOnly()) {
        answer.onCompleted();
      }
    }
  }

  private static ProcessInfo process(long id, int pid) {
    return ProcessInfo.newBuilder()
        .setProcess(id)
        .setPid(pid)
        .setState(ProcessState.RUNNING)
        .build();
  }

  private void serve(FakeCollector fake) throws IOException {
    collector =
        InProcessServerBuilder.forName("watched").directExecutor().addService(fake).build().start();
  }

  @BeforeEach
  void connect() throws IOException {
    serve(new FakeCollector(CollectorClient.PROTOCOL, process(1, 10), process(2, 11)));
    client =
        new CollectorClient(
            InProcessChannelBuilder.forName("watched").build(),
            () -> {},
            revivals::incrementAndGet,
            CollectorProblem.Peer.LOCAL);
    watching =
        client.watchProcesses(
            "",
            process -> heard.add(process.state() + " " + process.id() + " pid " + process.pid()),
            heard::add);
  }

  @AfterEach
  void close() {
    watching.close();
    client.close();
    collector.shutdownNow();
  }

  private void kill() throws InterruptedException {
    collector.shutdownNow();
    assertThat(collector.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  private void hears(String... wanted) throws InterruptedException {
    for (String each : wanted) {
      assertThat(heard.poll(20, TimeUnit.SECONDS)).contains(each);
    }
  }

  @Test
  void theNextCollectorsProcessesAppearBeforeThoseOfTheOldOneEnd() throws Exception {
    hears("RUNNING 1 pid 10", "RUNNING 2 pid 11");
    kill();
    hears("the collector of this machine has ended");
    serve(new FakeCollector(CollectorClient.PROTOCOL, process(101, 10)));
    hears("RUNNING 101 pid 10", "ENDED 1 pid 10", "ENDED 2 pid 11");
  }

  @Test
  void aCollectorThatWasOutOfReachForAWhileHasEndedNothing() throws Exception {
    hears("RUNNING 1 pid 10", "RUNNING 2 pid 11");
    kill();
    hears("has ended");
    serve(new FakeCollector(CollectorClient.PROTOCOL, process(1, 10), process(2, 11)));
    // Once from the list of the known ones, once from the one that goes on.
    hears("RUNNING 1", "RUNNING 2", "RUNNING 1", "RUNNING 2");
    assertThat(heard).isEmpty();
  }

  @Test
  void whereNobodyStartsTheNextCollectorTheSessionDoes() throws Exception {
    hears("RUNNING 1", "RUNNING 2");
    kill();
    hears("has ended");
    for (int i = 0; i < 4000 && revivals.get() == 0; i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(revivals).hasPositiveValue();
  }

  @Test
  void aCollectorOfAnotherProtocolIsSaidOnceAndNotUsed() throws Exception {
    hears("RUNNING 1", "RUNNING 2");
    kill();
    hears("has ended");
    serve(new FakeCollector(CollectorClient.PROTOCOL + 1, process(7, 70)));
    hears("speaks protocol 2");
    kill();
    serve(new FakeCollector(CollectorClient.PROTOCOL, process(101, 10)));
    hears("RUNNING 101", "ENDED 1", "ENDED 2");
  }
}
