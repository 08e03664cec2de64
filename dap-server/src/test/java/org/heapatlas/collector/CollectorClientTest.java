package org.heapatlas.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.heapatlas.model.Address;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Problem;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.proto.CollectorGrpc;
import org.heapatlas.proto.Event;
import org.heapatlas.proto.EventColumn;
import org.heapatlas.proto.EventColumns;
import org.heapatlas.proto.EventKind;
import org.heapatlas.proto.EventsRequest;
import org.heapatlas.proto.HelloReply;
import org.heapatlas.proto.HelloRequest;
import org.heapatlas.proto.ProcessInfo;
import org.heapatlas.proto.ProcessState;
import org.heapatlas.proto.RecordRequest;
import org.heapatlas.proto.RecordingStatus;
import org.heapatlas.proto.SearchReply;
import org.heapatlas.proto.SearchRequest;
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

    @Override
    public void record(RecordRequest request, StreamObserver<RecordingStatus> answer) {
      answer.onError(
          Status.FAILED_PRECONDITION
              .withDescription("the folder '%s' is not empty".formatted(request.getFolder()))
              .asRuntimeException());
    }

    /** Finds the release of whatever is covered first, one before where it was asked. */
    @Override
    public void searchEvents(SearchRequest request, StreamObserver<SearchReply> answer) {
      Event event =
          Event.newBuilder()
              .setPosition(request.getFrom() - 1)
              .setKindValue(request.getKindsCount() > 0 ? request.getKindsValue(0) : 99)
              .setAddress(request.getCoversFrom())
              .setSize(request.getCoversTo() - request.getCoversFrom())
              .setAllocatedAt(1)
              .build();
      answer.onNext(
          SearchReply.newBuilder()
              .setFound(request.getBackward())
              .setEvent(event)
              .setSearchedTo(request.getUntil())
              .build());
      answer.onCompleted();
    }
  }

  /** Two parts of events, and then none for ever. */
  private static final class EventfulCollector extends FakeCollector {
    private final BlockingQueue<EventsRequest> asked = new LinkedBlockingQueue<>();

    EventfulCollector() {
      super(1);
    }

    @Override
    public void events(EventsRequest request, StreamObserver<EventColumns> answer) {
      asked.add(request);
      answer.onNext(
          EventColumns.newBuilder()
              .setKind(ByteString.copyFrom(new byte[] {1, 99}))
              .addAddress(1)
              .addAddress(-1)
              .addAllocatedAt(0)
              .addAllocatedAt(8)
              .build());
      answer.onNext(EventColumns.newBuilder().addAllocatedAt(5).build());
    }
  }

  @Test
  void eventsComeInPartsAsColumnsAndTheStreamEndsWhenItIsClosed() throws Exception {
    EventfulCollector collector = new EventfulCollector();
    try (CollectorClient client = connect(collector)) {
      HeapSource.Parts<org.heapatlas.model.EventColumns> parts =
          client.events(
              1,
              new org.heapatlas.model.EventColumns.Query(
                  Set.of(org.heapatlas.model.EventColumns.Column.ALLOCATED_AT),
                  Set.of(HeapEvent.Kind.FORK_CHILD),
                  new TimeSpan(5, 6),
                  new Address.Range(7, 8)));
      org.heapatlas.model.EventColumns first = parts.next().orElseThrow();
      assertThat(first.rows()).isEqualTo(2);
      assertThat(first.kind()).containsExactly(HeapEvent.Kind.ALLOCATE_NEW, HeapEvent.Kind.OTHER);
      assertThat(first.address()).containsExactly(1, -1);
      assertThat(first.allocatedAt()).containsExactly(-1, 7);
      assertThat(first.position()).isEmpty();
      assertThat(parts.next().orElseThrow().rows()).isEqualTo(1);
      Thread.ofVirtual().start(parts::close);
      assertThatThrownBy(parts::next).isInstanceOf(Problem.class).hasMessageContaining("cancelled");
    }
    EventsRequest asked = collector.asked.take();
    assertThat(asked.getColumnsList()).containsExactly(EventColumn.ALLOCATED_AT);
    assertThat(asked.getKindsList()).containsExactly(EventKind.FORK_CHILD);
    assertThat(asked.getFromNanos() + "-" + asked.getToNanos()).isEqualTo("5-6");
    assertThat(asked.getLowest() + "-" + asked.getHighest()).isEqualTo("7-8");
  }

  @Test
  void aFolderThatCannotBeRecordedIntoIsTheUsersToChange() throws IOException {
    try (CollectorClient client = connect(new FakeCollector(1))) {
      assertThatThrownBy(
              () ->
                  client.record(
                      "s",
                      Path.of("/a/../b"),
                      org.heapatlas.model.RecordingStatus.Limits.NONE,
                      "program"))
          .isInstanceOfSatisfying(
              Problem.class,
              problem -> {
                assertThat(problem).hasMessage("the folder '/b' is not empty");
                assertThat(problem.kind()).isEqualTo(Problem.Kind.USED_WRONGLY);
              });
    }
  }

  @Test
  void anEventComesBackAsItWasAskedFor() throws IOException {
    EventSearch.Filter filter =
        new EventSearch.Filter(
            Optional.of(new Address.Range(16, 48)),
            Set.of(HeapEvent.Kind.RELEASE_DELETE_ARRAY),
            Set.of(),
            List.of());
    try (CollectorClient client = connect(new FakeCollector(1))) {
      EventSearch.Match match =
          client.search(1, new EventSearch(9, true, OptionalLong.of(3), filter));
      assertThat(match.searchedTo()).isEqualTo(3);
      assertThat(match.event())
          .contains(
              new HeapEvent(
                  8, 0, HeapEvent.Kind.RELEASE_DELETE_ARRAY, 16, 32, 0, 0, 0, OptionalLong.of(0)));
      EventSearch.Match newer =
          client.search(1, new EventSearch(9, true, OptionalLong.empty(), EventSearch.Filter.HEAP));
      assertThat(newer.event().map(HeapEvent::kind)).contains(HeapEvent.Kind.OTHER);
      assertThat(client.search(1, new EventSearch(9, false, OptionalLong.empty(), filter)).event())
          .isEmpty();
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
      try (HeapSource.Subscription _ = client.watchProcesses("mine", seen::add, notice -> {})) {
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
