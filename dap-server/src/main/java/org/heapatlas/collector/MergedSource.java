package org.heapatlas.collector;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
import org.heapatlas.model.NodeClock;
import org.heapatlas.model.NodeHealth;
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
import org.heapatlas.session.HeapSource;

/**
 * Several nodes as one source. A process's number here is its number on its node with the node's
 * own number above it, so every question knows where to go: id = node << 40 | id on the node.
 */
final class MergedSource implements HeapSource {
  private static final int NODE_SHIFT = 40;
  private static final long ON_NODE = (1L << NODE_SHIFT) - 1;

  private final List<Part> parts;
  private final List<String> missing;
  private final NodesRecorder recorder;

  /** Of those that are replayed, once one was moved in time. */
  private final Map<Integer, NodeTime> times = new ConcurrentHashMap<>();

  /** Where all of these stand, since 1970. */
  private volatile long instant = Long.MAX_VALUE;

  /**
   * A node by the address under which the user knows it: one that lives on another machine, or one
   * that is replayed, with what is known of its clock.
   */
  record Part(String address, HeapSource source, Optional<RemoteCalls> remote, ClockSeries clock) {
    Part(String address, HeapSource source) {
      this(address, source, Optional.empty(), ClockSeries.UNKNOWN);
    }

    Part(String address, HeapSource source, RemoteCalls remote) {
      this(address, source, Optional.of(remote), ClockSeries.UNKNOWN);
    }

    Part(String address, HeapSource source, ClockSeries clock) {
      this(address, source, Optional.empty(), clock);
    }

    /** How far its clock is ahead: measured now, or as it was at an instant of the recording. */
    private Stream<NodeClock> clockAt(long instant) {
      try {
        return remote
            .map(RemoteCalls::clock)
            .or(() -> clock.isKnown() ? Optional.of(clock.at(instant)) : Optional.empty())
            .map(offset -> new NodeClock(address, offset))
            .stream();
      } catch (Problem silent) {
        return Stream.empty();
      }
    }

    private Stream<NodesRecording.Remote> recorded() {
      return remote.map(calls -> new NodesRecording.Remote(address, calls)).stream();
    }
  }

  MergedSource(List<Part> parts) {
    this(parts, List.of());
  }

  /** {@code missing}: of nodes that are not there, or not wholly, a sentence each. */
  MergedSource(List<Part> parts, List<String> missing) {
    this.parts = List.copyOf(parts);
    this.missing = List.copyOf(missing);
    this.recorder = new NodesRecorder(parts.stream().flatMap(Part::recorded).toList());
  }

  private HeapSource of(long process) {
    long node = process >> NODE_SHIFT;
    if (node < 0 || node >= parts.size()) {
      throw Problem.notFound("no node knows the process %d".formatted(process));
    }
    return parts.get((int) node).source();
  }

  private static long onNode(long process) {
    return process & ON_NODE;
  }

  private WatchedProcess here(int node, WatchedProcess there) {
    return new WatchedProcess(
        (long) node << NODE_SHIFT | there.id(),
        parts.get(node).address(),
        there.pid(),
        there.parentPid(),
        there.session(),
        there.executable(),
        there.arguments(),
        there.state(),
        there.mode(),
        there.startRealNanos(),
        there.allocator(),
        there.notices());
  }

  @Override
  public Subscription watchProcesses(
      String session, Consumer<WatchedProcess> onProcess, Consumer<String> onNotice) {
    return onEachNode(
        (node, source) ->
            source.watchProcesses(
                session, process -> onProcess.accept(here(node, process)), onNotice));
  }

  private Finding here(int node, Finding there) {
    return there.of(parts.get(node).address(), (long) node << NODE_SHIFT | there.process());
  }

  @Override
  public Subscription watchFindings(String session, Consumer<Finding> onFinding) {
    return onEachNode(
        (node, source) ->
            source.watchFindings(session, found -> onFinding.accept(here(node, found))));
  }

  private Subscription onEachNode(BiFunction<Integer, HeapSource, Subscription> watch) {
    List<Subscription> all =
        IntStream.range(0, parts.size())
            .mapToObj(node -> watch.apply(node, parts.get(node).source()))
            .toList();
    return () -> all.forEach(Subscription::close);
  }

  @Override
  public List<Finding> findings(String session) {
    return IntStream.range(0, parts.size())
        .boxed()
        .flatMap(
            node ->
                parts.get(node).source().findings(session).stream().map(found -> here(node, found)))
        .toList();
  }

  @Override
  public Summary summarize(long process, int topSites, boolean waitForEnd) {
    return of(process).summarize(onNode(process), topSites, waitForEnd);
  }

  @Override
  public SitePage sites(long process, SiteQuery query) {
    return of(process).sites(onNode(process), query);
  }

  @Override
  public LabelPage labels(long process) {
    return of(process).labels(onNode(process));
  }

  @Override
  public RegionMap regions(long process) {
    return of(process).regions(onNode(process));
  }

  @Override
  public Tiles tiles(long process, long from, long to, long tileBytes) {
    return of(process).tiles(onNode(process), from, to, tileBytes);
  }

  @Override
  public Series series(long process, long from, long to, int points) {
    return of(process).series(onNode(process), from, to, points);
  }

  @Override
  public Series course(long process, int points) {
    return of(process).course(onNode(process), points);
  }

  @Override
  public List<ProgramThread> threads(long process) {
    return of(process).threads(onNode(process));
  }

  @Override
  public List<LoadedModule> modules(long process) {
    return of(process).modules(onNode(process));
  }

  @Override
  public Found find(long process, long address) {
    return of(process).find(onNode(process), address);
  }

  @Override
  public List<Allocation> allocations(long process, long from, long to, int limit) {
    return of(process).allocations(onNode(process), from, to, limit);
  }

  @Override
  public MemoryContent keepMemory(long process, long address, long count) {
    return of(process).keepMemory(onNode(process), address, count);
  }

  @Override
  public MemoryContent readMemory(long process, long address, long count) {
    return of(process).readMemory(onNode(process), address, count);
  }

  @Override
  public void writeMemory(long process, long address, byte[] data) {
    of(process).writeMemory(onNode(process), address, data);
  }

  @Override
  public Stack threadStack(long process, int tid) {
    return of(process).threadStack(onNode(process), tid);
  }

  @Override
  public void setMode(long process, Mode mode, long sampleMean) {
    of(process).setMode(onNode(process), mode, sampleMean);
  }

  @Override
  public void signal(long process, ProcessSignal signal) {
    of(process).signal(onNode(process), signal);
  }

  @Override
  public WatchedProcess attach(int pid, Mode mode, String session) {
    throw Problem.usedWrongly("a process is attached to on its own node, with ./heapatlas attach");
  }

  @Override
  public void detach(long process) {
    of(process).detach(onNode(process));
  }

  @Override
  public List<Stack> stacks(long process, List<Long> sites) {
    return of(process).stacks(onNode(process), sites);
  }

  @Override
  public RecordingStatus record(
      String session, Path folder, RecordingStatus.Limits limits, String program) {
    return recorder.record(folder, limits, program);
  }

  @Override
  public RecordingStatus stopRecording(String session) {
    return recorder.stop();
  }

  @Override
  public RecordingStatus recordingOf(String session) {
    return recorder.status();
  }

  @Override
  public Timeline timeline(long process) {
    return withMissing(of(process).timeline(onNode(process)));
  }

  private Timeline withMissing(Timeline there) {
    return new Timeline(
        there.position(),
        there.nanos(),
        there.firstPosition(),
        there.endPosition(),
        there.firstNanos(),
        there.endNanos(),
        there.event(),
        Stream.concat(there.missing().stream(), missing.stream()).toList());
  }

  /** The other nodes go to the same instant, as far as is known how their clocks stood. */
  @Override
  public Timeline seek(long process, Moment moment) {
    Timeline there = of(process).seek(onNode(process), moment);
    int node = (int) (process >> NODE_SHIFT);
    long now = time(node).instantOf(onNode(process), there.nanos());
    instant = now;
    IntStream.range(0, parts.size())
        .filter(other -> other != node)
        .forEach(other -> time(other).go(now));
    return withMissing(there);
  }

  private NodeTime time(int node) {
    return times.computeIfAbsent(
        node, each -> NodeTime.of(parts.get(each).source(), parts.get(each).clock()));
  }

  @Override
  public EventSearch.Match search(long process, EventSearch search) {
    return of(process).search(onNode(process), search);
  }

  @Override
  public List<WatchedProcess> processes(String session) {
    return IntStream.range(0, parts.size())
        .boxed()
        .flatMap(
            node ->
                parts.get(node).source().processes(session).stream()
                    .map(process -> here(node, process)))
        .toList();
  }

  @Override
  public Parts<EventColumns> events(long process, EventColumns.Query query) {
    return of(process).events(onNode(process), query);
  }

  @Override
  public Parts<LifetimeColumns> lifetimes(long process, LifetimeColumns.Query query) {
    return of(process).lifetimes(onNode(process), query);
  }

  /** Each node's, with its address in front. */
  @Override
  public List<Capability> capabilities() {
    return parts.stream()
        .flatMap(
            part ->
                part.source().capabilities().stream()
                    .map(
                        each ->
                            new Capability(
                                part.address() + " " + each.name(),
                                each.state(),
                                each.why(),
                                each.usedInstead())))
        .toList();
  }

  @Override
  public List<NodeHealth> nodes(String session) {
    // All at once: a silent one takes its whole time limit.
    try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
      return parts.stream()
          .map(
              part ->
                  CompletableFuture.supplyAsync(
                      () -> part.source().health(part.address(), session), asking))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }

  @Override
  public List<NodeClock> clocks() {
    return parts.stream().flatMap(part -> part.clockAt(instant)).toList();
  }

  @Override
  public void close() {
    recorder.close();
    parts.forEach(part -> part.source().close());
  }
}
