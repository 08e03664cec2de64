package org.heapatlas.collector;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Capability;
import org.heapatlas.model.EventColumns;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Found;
import org.heapatlas.model.LabelPage;
import org.heapatlas.model.LifetimeColumns;
import org.heapatlas.model.LoadedModule;
import org.heapatlas.model.MemoryContent;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.ProcessSignal;
import org.heapatlas.model.ProgramThread;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.model.RegionMap;
import org.heapatlas.model.Series;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.Stack;
import org.heapatlas.model.Summary;
import org.heapatlas.model.Tiles;
import org.heapatlas.model.Timeline;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.proto.AllocationsRequest;
import org.heapatlas.proto.AttachRequest;
import org.heapatlas.proto.CollectorGrpc;
import org.heapatlas.proto.Empty;
import org.heapatlas.proto.FindRequest;
import org.heapatlas.proto.FindingsRequest;
import org.heapatlas.proto.HelloReply;
import org.heapatlas.proto.HelloRequest;
import org.heapatlas.proto.LabelKind;
import org.heapatlas.proto.ProcessRequest;
import org.heapatlas.proto.ReadMemoryReply;
import org.heapatlas.proto.ReadMemoryRequest;
import org.heapatlas.proto.Refusal;
import org.heapatlas.proto.RegionsRequest;
import org.heapatlas.proto.ResolveRequest;
import org.heapatlas.proto.SeriesRequest;
import org.heapatlas.proto.SetModeRequest;
import org.heapatlas.proto.SignalKind;
import org.heapatlas.proto.SignalRequest;
import org.heapatlas.proto.SiteOrder;
import org.heapatlas.proto.SitesRequest;
import org.heapatlas.proto.SummaryRequest;
import org.heapatlas.proto.ThreadStackRequest;
import org.heapatlas.proto.TilesRequest;
import org.heapatlas.proto.WatchProcessesRequest;
import org.heapatlas.proto.WriteMemoryRequest;
import org.heapatlas.session.HeapSource;

/**
 * A node's collector as a {@link HeapSource}. Main entries: local, and the questions of the
 * interface. Called from any thread. Each question has a deadline, so that a stopped collector is
 * said, not waited for.
 */
public final class CollectorClient implements HeapSource {
  public static final int PROTOCOL = 1;
  private static final long DEADLINE_SECONDS = 20;

  /** A program that has ended may have left full rings, and its symbols are read now. */
  private static final long LONGEST_DRAIN_SECONDS = 300;

  private final ManagedChannel channel;
  private final Runnable afterClose;
  private final Runnable revive;
  private final CollectorProblem.Peer peer;
  private final CollectorGrpc.CollectorBlockingStub stub;
  private final RecordingCalls recordings;
  private final HelloReply hello;

  /**
   * Speaks over this channel, which closes with it; {@code afterClose} frees what the channel stood
   * on, {@code revive} starts a collector where it can, {@code peer} is how the user knows it.
   */
  CollectorClient(
      ManagedChannel channel, Runnable afterClose, Runnable revive, CollectorProblem.Peer peer) {
    this.revive = revive;
    this.peer = peer;
    this.channel = channel;
    this.afterClose = afterClose;
    this.stub = CollectorGrpc.newBlockingStub((Channel) channel);
    this.recordings = new RecordingCalls(this::timed, peer);
    try {
      this.hello = greet();
    } catch (Problem e) {
      close();
      throw e;
    }
  }

  /** The collector of this node, started when none answers. */
  public static CollectorClient local(NodeFolder folder, NativeFiles files) {
    Runnable ensure = () -> CollectorProcess.ensure(folder, files);
    ensure.run();
    return UnixChannel.open(folder.socket(), ensure, CollectorProblem.Peer.LOCAL);
  }

  private HelloReply greet() {
    HelloReply reply = ask(() -> timed().hello(greeting().build()));
    if (reply.getProtocol() != PROTOCOL) {
      throw Problem.failed(
          "%s (process %d, version %s) speaks protocol %d and this server %d; end it and start again"
              .formatted(
                  peer.name(), reply.getPid(), reply.getVersion(), reply.getProtocol(), PROTOCOL));
    }
    return reply;
  }

  /** The library that programs on the collector's node preload. */
  public String runtimeLibrary() {
    return hello.getRuntimeLibrary();
  }

  public String nodeFolder() {
    return hello.getNodeFolder();
  }

  public int collectorPid() {
    return hello.getPid();
  }

  /**
   * Why the collector cannot read what this process writes; nothing where it can, or never saw it.
   */
  Optional<String> refusal(int pid) {
    HelloRequest request = greeting().setRefusals(true).build();
    return ask(() -> timed().hello(request)).getRefusalsList().stream()
        .filter(refusal -> refusal.getPid() == pid)
        .reduce((older, newer) -> newer)
        .map(Refusal::getWhy);
  }

  private static HelloRequest.Builder greeting() {
    return HelloRequest.newBuilder().setProtocol(PROTOCOL).setClient("heapatlas-server");
  }

  @Override
  public Subscription watchProcesses(
      String session, Consumer<WatchedProcess> onProcess, Consumer<String> onNotice) {
    return ProcessWatch.start(this, session, onProcess, onNotice);
  }

  /** For recording on another machine. */
  RemoteCalls remote() {
    return new RemoteCalls(stub, recordings, peer);
  }

  CollectorProblem.Peer peer() {
    return peer;
  }

  /** Hands on each that appears or changes; throws what gRPC throws once the collector is gone. */
  void followProcesses(String session, Consumer<WatchedProcess> onProcess) {
    WatchProcessesRequest request = WatchProcessesRequest.newBuilder().setSession(session).build();
    stub.watchProcesses(request)
        .forEachRemaining(process -> onProcess.accept(FromWire.process(process)));
  }

  @Override
  public List<WatchedProcess> processes(String session) {
    WatchProcessesRequest request =
        WatchProcessesRequest.newBuilder().setSession(session).setKnownOnly(true).build();
    return listed(() -> timed().watchProcesses(request)).map(FromWire::process).toList();
  }

  @Override
  public Subscription watchFindings(String session, Consumer<Finding> onFinding) {
    return FindingWatch.start(this, session, onFinding);
  }

  /** Hands on each that is raised; throws what gRPC throws once the collector is gone. */
  void followFindings(String session, Consumer<Finding> onFinding) {
    FindingsRequest request = FindingsRequest.newBuilder().setSession(session).build();
    stub.watchFindings(request).forEachRemaining(finding -> onFinding.accept(Findings.of(finding)));
  }

  @Override
  public List<Finding> findings(String session) {
    FindingsRequest request =
        FindingsRequest.newBuilder().setSession(session).setKnownOnly(true).build();
    return listed(() -> timed().watchFindings(request)).map(Findings::of).toList();
  }

  /** Answers once a collector does, which may be another one than before. */
  void reconnect(boolean mayStart) {
    if (mayStart) {
      revive.run();
    }
    channel.resetConnectBackoff();
    greet();
  }

  @Override
  public Summary summarize(long process, int topSites, boolean waitForEnd) {
    SummaryRequest request =
        SummaryRequest.newBuilder()
            .setProcess(process)
            .setTopSites(topSites)
            .setWaitForEnd(waitForEnd)
            .build();
    return FromWire.summary(
        ask(
            () ->
                within(waitForEnd ? LONGEST_DRAIN_SECONDS : DEADLINE_SECONDS).summarize(request)));
  }

  @Override
  public SitePage sites(long process, SiteQuery query) {
    SitesRequest.Builder request =
        SitesRequest.newBuilder()
            .setProcess(process)
            .setOrder(SiteOrder.valueOf("BY_" + query.order().name()))
            .setAscending(query.ascending())
            .setLimit(query.limit())
            .setOffset(query.offset())
            .setFunctionContains(query.functionContains());
    query
        .label()
        .ifPresent(
            label ->
                request
                    .setLabelKind(LabelKind.valueOf(label.kind().name()))
                    .setLabel(label.text()));
    return FromWire.sites(ask(() -> timed().sites(request.build())));
  }

  @Override
  public LabelPage labels(long process) {
    return FromWire.labels(ask(() -> timed().labels(id(process))));
  }

  @Override
  public RegionMap regions(long process) {
    return FromWire.regions(
        ask(() -> timed().regions(RegionsRequest.newBuilder().setProcess(process).build())));
  }

  @Override
  public Tiles tiles(long process, long from, long to, long tileBytes) {
    TilesRequest request =
        TilesRequest.newBuilder()
            .setProcess(process)
            .setFrom(from)
            .setTo(to)
            .setTileBytes(tileBytes)
            .build();
    return FromWire.tiles(ask(() -> timed().tiles(request)));
  }

  @Override
  public Series series(long process, long from, long to, int points) {
    SeriesRequest request =
        SeriesRequest.newBuilder()
            .setProcess(process)
            .setFrom(from)
            .setTo(to)
            .setPoints(points)
            .build();
    return FromWire.series(ask(() -> timed().series(request)));
  }

  @Override
  public Series course(long process, int points) {
    SeriesRequest request =
        SeriesRequest.newBuilder().setProcess(process).setPoints(points).setWhole(true).build();
    return FromWire.series(ask(() -> timed().series(request)));
  }

  @Override
  public List<ProgramThread> threads(long process) {
    return ask(() -> timed().threads(id(process))).getThreadsList().stream()
        .map(FromWire::thread)
        .toList();
  }

  @Override
  public List<LoadedModule> modules(long process) {
    return ask(() -> timed().modules(id(process))).getModulesList().stream()
        .map(FromWire::module)
        .toList();
  }

  @Override
  public Found find(long process, long address) {
    FindRequest request = FindRequest.newBuilder().setProcess(process).setAddress(address).build();
    return FromWire.found(ask(() -> timed().findAllocation(request)));
  }

  @Override
  public List<Allocation> allocations(long process, long from, long to, int limit) {
    AllocationsRequest request =
        AllocationsRequest.newBuilder()
            .setProcess(process)
            .setFrom(from)
            .setTo(to)
            .setLimit(limit)
            .build();
    return listed(() -> timed().allocations(request))
        .flatMap(reply -> reply.getAllocationsList().stream())
        .map(FromWire::allocation)
        .toList();
  }

  @Override
  public MemoryContent readMemory(long process, long address, long count) {
    return memory(process, address, count, false);
  }

  @Override
  public MemoryContent keepMemory(long process, long address, long count) {
    return memory(process, address, count, true);
  }

  private MemoryContent memory(long process, long address, long count, boolean keep) {
    ReadMemoryRequest request =
        ReadMemoryRequest.newBuilder()
            .setProcess(process)
            .setAddress(address)
            .setCount(count)
            .setKeep(keep)
            .build();
    ReadMemoryReply reply = ask(() -> timed().readMemory(request));
    return new MemoryContent(reply.getData().toByteArray(), reply.getUnreadable());
  }

  @Override
  public void writeMemory(long process, long address, byte[] data) {
    WriteMemoryRequest request =
        WriteMemoryRequest.newBuilder()
            .setProcess(process)
            .setAddress(address)
            .setData(ByteString.copyFrom(data))
            .build();
    var _ = ask(() -> timed().writeMemory(request));
  }

  @Override
  public Stack threadStack(long process, int tid) {
    ThreadStackRequest request =
        ThreadStackRequest.newBuilder().setProcess(process).setTid(tid).build();
    return FromWire.stack(ask(() -> timed().threadStack(request)));
  }

  @Override
  public void setMode(long process, Mode mode, long sampleMean) {
    SetModeRequest request =
        SetModeRequest.newBuilder()
            .setProcess(process)
            .setMode(FromWire.wire(mode))
            .setSampleMeanBytes(sampleMean)
            .build();
    ask(() -> timed().setMode(request));
  }

  @Override
  public void signal(long process, ProcessSignal signal) {
    SignalRequest request =
        SignalRequest.newBuilder()
            .setProcess(process)
            .setSignal(SignalKind.valueOf(signal.name()))
            .build();
    ask(() -> timed().signal(request));
  }

  @Override
  public WatchedProcess attach(int pid, Mode mode, String session) {
    AttachRequest request =
        AttachRequest.newBuilder()
            .setPid(pid)
            .setMode(FromWire.wire(mode))
            .setSession(session)
            .build();
    return FromWire.process(ask(() -> timed().attach(request)));
  }

  @Override
  public void detach(long process) {
    ask(() -> timed().detach(id(process)));
  }

  @Override
  public List<Capability> capabilities() {
    return ask(() -> timed().doctor(Empty.getDefaultInstance())).getCapabilitiesList().stream()
        .map(FromWire::capability)
        .toList();
  }

  @Override
  public List<Stack> stacks(long process, List<Long> sites) {
    ResolveRequest request =
        ResolveRequest.newBuilder().setProcess(process).addAllSites(sites).build();
    return ask(() -> timed().resolve(request)).getStacksList().stream()
        .map(FromWire::stack)
        .toList();
  }

  @Override
  public RecordingStatus record(
      String session, Path folder, RecordingStatus.Limits limits, String program) {
    return recordings.record(session, folder, limits, program);
  }

  @Override
  public RecordingStatus stopRecording(String session) {
    return recordings.stop(session);
  }

  @Override
  public RecordingStatus recordingOf(String session) {
    return recordings.of(session);
  }

  @Override
  public Timeline timeline(long process) {
    return recordings.timeline(process);
  }

  @Override
  public Timeline seek(long process, Moment moment) {
    return recordings.seek(process, moment);
  }

  @Override
  public EventSearch.Match search(long process, EventSearch search) {
    return recordings.search(process, search);
  }

  @Override
  public Parts<EventColumns> events(long process, EventColumns.Query query) {
    return ColumnCalls.events(stub, peer, process, query);
  }

  @Override
  public Parts<LifetimeColumns> lifetimes(long process, LifetimeColumns.Query query) {
    return ColumnCalls.lifetimes(stub, peer, process, query);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    afterClose.run();
  }

  private CollectorGrpc.CollectorBlockingStub timed() {
    return within(DEADLINE_SECONDS);
  }

  private CollectorGrpc.CollectorBlockingStub within(long seconds) {
    return stub.withDeadlineAfter(seconds, TimeUnit.SECONDS);
  }

  private static ProcessRequest id(long process) {
    return ProcessRequest.newBuilder().setProcess(process).build();
  }

  private <T> T ask(Supplier<T> call) {
    try {
      return call.get();
    } catch (io.grpc.StatusRuntimeException e) {
      throw CollectorProblem.of(peer, e);
    }
  }

  /** All that a stream of replies brings. */
  private <T> Stream<T> listed(Supplier<Iterator<T>> call) {
    return ask(
        () -> {
          List<T> all = new ArrayList<>();
          call.get().forEachRemaining(all::add);
          return all.stream();
        });
  }
}
