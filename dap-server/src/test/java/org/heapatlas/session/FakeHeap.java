package org.heapatlas.session;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Capability;
import org.heapatlas.model.Coverage;
import org.heapatlas.model.EventColumns;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Found;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Label;
import org.heapatlas.model.LabelPage;
import org.heapatlas.model.LifetimeColumns;
import org.heapatlas.model.LoadedModule;
import org.heapatlas.model.Losses;
import org.heapatlas.model.MemoryContent;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Moment;
import org.heapatlas.model.PoolBlock;
import org.heapatlas.model.Problem;
import org.heapatlas.model.ProcessSignal;
import org.heapatlas.model.ProgramThread;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.model.Region;
import org.heapatlas.model.RegionMap;
import org.heapatlas.model.Resident;
import org.heapatlas.model.Series;
import org.heapatlas.model.Site;
import org.heapatlas.model.SitePage;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.Summary;
import org.heapatlas.model.Tiles;
import org.heapatlas.model.Timeline;
import org.heapatlas.model.WatchedProcess;

/**
 * A heap whose every byte is known: one region of 16 MiB in which each page holds one block of 64
 * bytes.
 */
public class FakeHeap implements HeapSource {
  public static final long BASE = 0x7f00_0000_0000L;
  public static final long SIZE = 16 << 20;
  public static final long PAGE = 4096;
  public static final Coverage COVERAGE =
      new Coverage(Mode.FULL, 4096, 0, List.of(), 0, 0, 0, 0, true, 0, 0, 0, false, Losses.NONE);

  private static final Coverage SAMPLE =
      new Coverage(
          Mode.SAMPLED, 4096, 0, List.of(), 0, 0, 0, 0, false, 0, 0, 0, false, Losses.NONE);

  /** Summaries say that only a sample is recorded. */
  public volatile boolean sampled;

  public final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<Consumer<WatchedProcess>> watchers = new CopyOnWriteArrayList<>();
  public final FakeTimeline past = new FakeTimeline();
  private volatile WatchedProcess process;
  public volatile long extraBytes;
  public volatile List<ProgramThread> threads =
      List.of(
          new ProgramThread(4711, "main", true, 1, 1, BASE),
          new ProgramThread(4712, "worker", false, 1, 1, 0));

  /** Of the heap's region, on a machine with one node. */
  public volatile Resident resident = new Resident(SIZE, SIZE / 2, List.of(SIZE / PAGE));

  public volatile List<Label> labels = List.of(label(Label.Kind.TAG, "index", 100));

  public static Label label(Label.Kind kind, String name, long bytes) {
    return new Label(
        new Label.Name(kind, name), bytes, bytes / 10, 2 * bytes, bytes / 5, bytes + 1, 2, 0, 0);
  }

  /** The process has no past that could be asked for. */
  public volatile boolean notRecorded;

  /**
   * What is readable of its memory, by the first address of each part; without any, three bytes.
   */
  public final NavigableMap<Long, byte[]> memory = new ConcurrentSkipListMap<>();

  /** No block is live there any more. */
  public final Set<Long> released = ConcurrentHashMap.newKeySet();

  /** The list of modules takes until it is cancelled. */
  public volatile boolean slow;

  public static WatchedProcess process(WatchedProcess.State state) {
    return new WatchedProcess(
        7,
        "",
        4711,
        1,
        "test",
        "/usr/bin/fake",
        List.of("fake"),
        state,
        Mode.FULL,
        0,
        "glibc",
        List.of("a notice"));
  }

  public void appear(WatchedProcess.State state) {
    process = process(state);
    watchers.forEach(watcher -> watcher.accept(process));
  }

  @Override
  public Subscription watchProcesses(
      String session, Consumer<WatchedProcess> onProcess, Consumer<String> onNotice) {
    watchers.add(onProcess);
    if (process != null) {
      onProcess.accept(process);
    }
    return () -> watchers.remove(onProcess);
  }

  private final List<Consumer<Finding>> findingWatchers = new CopyOnWriteArrayList<>();
  private final List<Finding> findings = new CopyOnWriteArrayList<>();

  public void raise(Finding finding) {
    findings.add(finding);
    findingWatchers.forEach(watcher -> watcher.accept(finding));
  }

  @Override
  public Subscription watchFindings(String session, Consumer<Finding> onFinding) {
    findings.forEach(onFinding);
    findingWatchers.add(onFinding);
    return () -> findingWatchers.remove(onFinding);
  }

  @Override
  public List<Finding> findings(String session) {
    calls.add("findings");
    return List.copyOf(findings);
  }

  @Override
  public Summary summarize(long id, int topSites, boolean waitForEnd) {
    return new Summary(
        process,
        5000,
        904,
        SIZE / 64 + extraBytes,
        4096,
        SIZE,
        1_000_000_000,
        sampled ? SAMPLE : COVERAGE,
        sites(topSites),
        now(),
        1,
        1,
        1,
        1);
  }

  private static long now() {
    return System.nanoTime();
  }

  /** Who allocates at a site: function{@code site - 1}, in the line of the site's number. */
  public static Stack stack(long site) {
    return site < 1 ? Stack.EMPTY : site(site).stack();
  }

  private static Site site(long id) {
    StackFrame malloc = new StackFrame(1, "malloc", "", 0, "libc.so.6", 2, false);
    StackFrame caller =
        new StackFrame(3, "function" + (id - 1), "/src/file.c", (int) id, "fake", 4, false);
    return new Site(id, 1001 - id, 10, 2000, 20, 0, new Stack(List.of(malloc, caller), false));
  }

  private static List<Site> sites(int count) {
    List<Site> sites = new ArrayList<>();
    for (int i = 0; i < Math.min(count, 300); i++) {
      sites.add(site(i + 1));
    }
    return sites;
  }

  @Override
  public SitePage sites(long id, SiteQuery query) {
    calls.add(
        "sites "
            + query.order()
            + (query.ascending() ? " ascending " : " ")
            + query.offset()
            + " "
            + query.limit()
            + " "
            + query.functionContains()
            + query.label().map(label -> " of " + label.text()).orElse(""));
    List<Site> all = sites(300);
    int end = Math.min(all.size(), query.offset() + query.limit());
    return new SitePage(
        all.subList(Math.min(query.offset(), end), end), all.size(), now(), COVERAGE);
  }

  @Override
  public LabelPage labels(long id) {
    return new LabelPage(labels, 1000, 100, now(), COVERAGE);
  }

  @Override
  public RegionMap regions(long id) {
    Region library =
        new Region(
            BASE + (1L << 32),
            BASE + (1L << 32) + PAGE,
            "file",
            "/lib/libc.so.6",
            0,
            0,
            Resident.NONE);
    return new RegionMap(List.of(region(), library), now(), COVERAGE);
  }

  private Region region() {
    return new Region(BASE, BASE + SIZE, "heap", "[heap]", SIZE / 64, 4096, resident);
  }

  @Override
  public Tiles tiles(long id, long from, long to, long tileBytes) {
    calls.add("tiles " + tileBytes);
    int count = (int) ((to - from + tileBytes - 1) / tileBytes);
    List<Integer> index = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long start = from + i * tileBytes;
      if (tileBytes >= PAGE || start % PAGE < 64) {
        index.add(i);
      }
    }
    int[] indices = index.stream().mapToInt(Integer::intValue).toArray();
    long pages = Math.max(1, tileBytes / PAGE);
    long[] bytes = new long[indices.length];
    int[] allocations = new int[indices.length];
    Arrays.fill(bytes, Math.min(64, tileBytes) * pages);
    Arrays.fill(allocations, (int) pages);
    return new Tiles(
        from, to, tileBytes, indices, bytes, allocations, allocations, now(), COVERAGE);
  }

  @Override
  public Series series(long id, long from, long to, int points) {
    long[] two = {1, 2};
    return new Series(
        two,
        two,
        two,
        new double[] {1, 2},
        new double[] {1, 2},
        two,
        new int[] {1, 2},
        2,
        COVERAGE);
  }

  @Override
  public Series course(long id, int points) {
    return series(id, 0, 0, points);
  }

  @Override
  public List<ProgramThread> threads(long id) {
    return threads;
  }

  @Override
  public List<LoadedModule> modules(long id) {
    if (slow) {
      try {
        new java.util.concurrent.CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new Problem(Problem.Kind.FAILED, "the request was cancelled", e);
      }
    }
    return List.of(new LoadedModule(1, 2, "/usr/bin/fake", "abcd", true, true, true));
  }

  @Override
  public Found find(long id, long address) {
    if (address < BASE
        || address >= BASE + SIZE
        || address % PAGE >= 64
        || released.contains(address & -PAGE)) {
      return new Found(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }
    Stack stack = sites(1).getFirst().stack();
    Allocation allocation =
        new Allocation(
            address & -PAGE, 64, 1_500_000_000, 4711, 1, Map.of(Label.Kind.TENANT, "north"), stack);
    return new Found(
        Optional.of(allocation),
        Optional.empty(),
        Optional.empty(),
        Optional.of(region()),
        List.of(new PoolBlock("cells", address & -PAGE, 16)));
  }

  @Override
  public List<Allocation> allocations(long id, long from, long to, int limit) {
    List<Allocation> blocks = new ArrayList<>();
    long end = Math.min(to, BASE + SIZE);
    long begin = (Math.max(from, BASE) + PAGE - 1) & -PAGE;
    for (long at = begin; at < end && blocks.size() < limit; at += PAGE) {
      find(id, at).allocation().ifPresent(blocks::add);
    }
    return blocks;
  }

  @Override
  public MemoryContent keepMemory(long id, long address, long count) {
    calls.add("keep %d bytes at 0x%x".formatted(count, address));
    return new MemoryContent(new byte[(int) count], 0);
  }

  @Override
  public MemoryContent readMemory(long id, long address, long count) {
    if (memory.isEmpty()) {
      return new MemoryContent(new byte[] {1, 2, 3}, count - 3);
    }
    Map.Entry<Long, byte[]> part = memory.floorEntry(address);
    long at = part == null ? count : address - part.getKey();
    byte[] data =
        part == null || at >= part.getValue().length
            ? new byte[0]
            : Arrays.copyOfRange(
                part.getValue(), (int) at, (int) Math.min(part.getValue().length, at + count));
    return new MemoryContent(data, count - data.length);
  }

  @Override
  public void writeMemory(long id, long address, byte[] data) {
    calls.add("write %s at 0x%x".formatted(HexFormat.of().formatHex(data), address));
    Map.Entry<Long, byte[]> part = memory.floorEntry(address);
    if (part != null) {
      System.arraycopy(data, 0, part.getValue(), (int) (address - part.getKey()), data.length);
    }
  }

  @Override
  public Stack threadStack(long id, int tid) {
    if (process.state() != WatchedProcess.State.STOPPED) {
      throw Problem.failed("the process runs; pause it first");
    }
    return sites(1).getFirst().stack();
  }

  @Override
  public void setMode(long id, Mode mode, long sampleMean) {
    calls.add(sampleMean == 0 ? "mode " + mode.text() : "mode " + mode.text() + " " + sampleMean);
  }

  @Override
  public void signal(long id, ProcessSignal signal) {
    calls.add("signal " + signal);
    switch (signal) {
      case STOP -> appear(WatchedProcess.State.STOPPED);
      case CONTINUE -> {
        if (process.state() == WatchedProcess.State.STOPPED) {
          appear(WatchedProcess.State.RUNNING);
        }
      }
      case TERMINATE, KILL -> appear(WatchedProcess.State.ENDED);
    }
  }

  @Override
  public WatchedProcess attach(int pid, Mode mode, String session) {
    if (pid != 4711) {
      throw Problem.notFound("there is no process %d".formatted(pid));
    }
    appear(WatchedProcess.State.RUNNING);
    return process;
  }

  @Override
  public void detach(long id) {
    calls.add("detach");
  }

  @Override
  public List<Capability> capabilities() {
    return List.of(
        new Capability("pmu", "absent", "not exposed by this machine", "software clock"));
  }

  @Override
  public List<Stack> stacks(long id, List<Long> sites) {
    return sites.stream().map(FakeHeap::stack).toList();
  }

  @Override
  public RecordingStatus record(
      String session, Path folder, RecordingStatus.Limits limits, String program) {
    calls.add("record " + session + " " + folder + " " + program);
    return new RecordingStatus(folder.toString(), true, "", 0, 0, 0);
  }

  @Override
  public RecordingStatus stopRecording(String session) {
    calls.add("stop recording " + session);
    return new RecordingStatus("", false, "", 0, 0, 0);
  }

  @Override
  public RecordingStatus recordingOf(String session) {
    return new RecordingStatus("", false, "it was never begun", 0, 0, 0);
  }

  @Override
  public Timeline timeline(long id) {
    if (notRecorded) {
      throw Problem.failed("the session is not recorded");
    }
    return past.now();
  }

  @Override
  public Timeline seek(long id, Moment moment) {
    return past.seek(moment);
  }

  @Override
  public EventSearch.Match search(long id, EventSearch search) {
    return past.search(search);
  }

  @Override
  public List<WatchedProcess> processes(String session) {
    return process == null ? List.of() : List.of(process);
  }

  @Override
  public Parts<EventColumns> events(long id, EventColumns.Query query) {
    calls.add("events " + query.columns() + " " + query.span() + " " + query.addresses());
    return FakeColumns.events(recorded(), query);
  }

  @Override
  public Parts<LifetimeColumns> lifetimes(long id, LifetimeColumns.Query query) {
    calls.add("lifetimes " + query.columns() + " " + query.liveAt());
    return FakeColumns.lifetimes(recorded(), query);
  }

  private List<HeapEvent> recorded() {
    if (notRecorded) {
      throw Problem.failed("the session is not recorded");
    }
    return past.events();
  }

  @Override
  public void close() {
    calls.add("close");
  }
}
