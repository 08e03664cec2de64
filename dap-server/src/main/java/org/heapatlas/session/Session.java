package org.heapatlas.session;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.TimeSpan;
import org.heapatlas.model.WatchedProcess;

/**
 * The processes of one session, kept up to date by its source. Main entries: processes, first,
 * awaitProcess, source. Called by features, the adapter and the command line, from any thread;
 * listeners run on the source's thread and must not block.
 */
public final class Session implements AutoCloseable {
  private static final int MOST_CHOICES = 100;
  private static final long LISTED_MILLIS = 10_000;

  private final String id;
  private final HeapSource source;
  private final Optional<RecordingsBeside> beside;
  private final Map<Long, WatchedProcess> processes = new ConcurrentSkipListMap<>();
  private final List<Consumer<WatchedProcess>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<String>> noticeListeners = new CopyOnWriteArrayList<>();
  private final Map<Integer, ProgramEnd> ends = new ConcurrentHashMap<>();
  private final Map<Long, Cursor> cursors = new ConcurrentHashMap<>();
  private final Map<Long, MarkedTimes> marked = new ConcurrentHashMap<>();
  private final Map<Long, Long> addresses = new ConcurrentHashMap<>();
  private final Map<Long, Long> chosenFindings = new ConcurrentHashMap<>();
  private final List<Runnable> moveListeners = new CopyOnWriteArrayList<>();
  private volatile Question question = Question.NONE;
  private final Player player = new Player(this);
  private volatile Traveller traveller = this::seek;
  private final List<Finding> findings = new CopyOnWriteArrayList<>();
  private final List<Consumer<Finding>> findingListeners = new CopyOnWriteArrayList<>();
  private final HeapSource.Subscription subscription;
  private final HeapSource.Subscription findingSubscription;

  /** In SQL; empty where nothing was asked yet. */
  public record Question(String sql, long number) {
    public static final Question NONE = new Question("", 0);
  }

  /** Brings a replayed process to an instant. */
  public interface Traveller {
    void go(long process, Moment moment);
  }

  public Session(String id, HeapSource source) {
    this(id, source, Optional.empty());
  }

  /** A recording, replayed by this node of that place; it can be compared with others there. */
  public static Session replayed(Node node, Path recording, Nodes nodes) {
    return new Session(
        Nodes.REPLAY, node.source(), Optional.of(new RecordingsBeside(recording, nodes::replay)));
  }

  public Session(String id, HeapSource source, Optional<RecordingsBeside> beside) {
    this.id = id;
    this.source = source;
    this.beside = beside;
    this.subscription = source.watchProcesses(id, this::changed, this::noticed);
    this.findingSubscription = source.watchFindings(id, this::found);
  }

  private void changed(WatchedProcess process) {
    processes.replaceAll(
        (id, other) -> process.replaces(other) && !other.isReplayed() ? other.ended() : other);
    processes.put(process.id(), process);
    listeners.forEach(listener -> listener.accept(process));
  }

  private synchronized void found(Finding finding) {
    findings.add(finding);
    findingListeners.forEach(listener -> listener.accept(finding));
  }

  private void noticed(String sentence) {
    noticeListeners.forEach(listener -> listener.accept(sentence));
  }

  public String id() {
    return id;
  }

  public HeapSource source() {
    return source;
  }

  /** What a recording can be compared with; nothing of a live session. */
  public Optional<RecordingsBeside> beside() {
    return beside;
  }

  /** In the order in which they appeared. */
  public Collection<WatchedProcess> processes() {
    return processes.values();
  }

  public Optional<WatchedProcess> process(long processId) {
    return Optional.ofNullable(processes.get(processId));
  }

  public Optional<WatchedProcess> first() {
    return processes.values().stream().findFirst();
  }

  /**
   * What this process has become: another program under its number, or the same one as the next
   * collector knows it.
   */
  public WatchedProcess current(WatchedProcess process) {
    return process.newestOf(processes.values());
  }

  /**
   * The process that the session is about: the newest program of the first process's number, for a
   * wrapper becomes the real program under the same one; when it has ended, the first that still
   * runs, as a daemon does.
   */
  public Optional<WatchedProcess> main() {
    Optional<WatchedProcess> started = first().map(this::current);
    return started
        .filter(Session::runs)
        .or(() -> processes.values().stream().filter(Session::runs).findFirst())
        .or(() -> started);
  }

  /** For people to choose from: the main process, what runs, then what ended last. */
  public List<WatchedProcess> choices() {
    Optional<WatchedProcess> main = main();
    return processes.values().stream()
        .sorted(
            Comparator.comparing((WatchedProcess process) -> !Optional.of(process).equals(main))
                .thenComparing(process -> !runs(process))
                .thenComparing(process -> runs(process) ? process.id() : -process.id()))
        .limit(MOST_CHOICES)
        .toList();
  }

  private static boolean runs(WatchedProcess process) {
    return process.state() != WatchedProcess.State.ENDED;
  }

  /** Who started a program tells how it ended. */
  public void ended(ProgramEnd end) {
    ends.put(end.pid(), end);
    processes.values().stream()
        .filter(process -> process.pid() == end.pid())
        .forEach(process -> listeners.forEach(listener -> listener.accept(process)));
  }

  /** How a process ended, where this session started it. */
  public Optional<ProgramEnd> endOf(WatchedProcess process) {
    return Optional.ofNullable(ends.get(process.pid()));
  }

  /** Where a replayed process stands. */
  public Cursor cursor(long process) {
    return cursors.computeIfAbsent(process, id -> new Cursor(source.timeline(id), false));
  }

  /**
   * Moves a replayed process; every later question about it is answered as of there. Nothing plays
   * any more.
   */
  public Cursor seek(long process, Moment moment) {
    player.makeWay();
    Cursor now = move(process, moment);
    moved();
    return now;
  }

  /** The same for the player, which tells of it itself. */
  Cursor move(long process, Moment moment) {
    Cursor before = cursor(process);
    return cursors.merge(
        process, before.moved(source.seek(process, moment)), (old, moved) -> moved);
  }

  void moved() {
    moveListeners.forEach(Runnable::run);
  }

  /** Plays replayed processes. */
  public Player player() {
    return player;
  }

  /**
   * What a user asks for in a view: moves a replayed process, by whoever tells the others of it.
   */
  public void travel(long process, Moment moment) {
    player.makeWay();
    traveller.go(process, moment);
  }

  /** From now on users' journeys are made so. */
  public void travelBy(Traveller other) {
    traveller = other;
  }

  /** What was chosen of a process's time, for the views that show a span; nothing: all of it. */
  public Optional<TimeSpan> span(long process) {
    return marked(process).span();
  }

  /** The ends of the span, also while there is only one. */
  public MarkedTimes marked(long process) {
    return marked.getOrDefault(process, MarkedTimes.NONE);
  }

  public void mark(long process, MarkedTimes times) {
    marked.put(process, times);
    moved();
  }

  /** Nothing chooses the whole time. */
  public void choose(long process, Optional<TimeSpan> span) {
    mark(process, span.map(MarkedTimes::of).orElse(MarkedTimes.NONE));
  }

  /** The address that a user looked at last, for the views that tell of one. */
  public OptionalLong address(long process) {
    Long address = addresses.get(process);
    return address == null ? OptionalLong.empty() : OptionalLong.of(address);
  }

  public void lookAt(long process, long address) {
    if (!Objects.equals(addresses.put(process, address), address)) {
      moved();
    }
  }

  /** What a user asked last, for the view that shows the answer. */
  public Question question() {
    return question;
  }

  /** The same once more is another question, for the heap may have changed. */
  public Question ask(String sql) {
    Question asked = new Question(sql, question.number() + 1);
    question = asked;
    moved();
    return asked;
  }

  /** The finding of a process that a user chose last, for the views that show its evidence. */
  public OptionalLong finding(long process) {
    Long finding = chosenFindings.get(process);
    return finding == null ? OptionalLong.empty() : OptionalLong.of(finding);
  }

  public void chooseFinding(long process, long finding) {
    chosenFindings.put(process, finding);
    moved();
  }

  /**
   * Hears when a process was moved in time or plays otherwise than before, or another span, address
   * or finding was chosen.
   */
  public HeapSource.Subscription listenToMoves(Runnable listener) {
    moveListeners.add(listener);
    return () -> moveListeners.remove(listener);
  }

  /** Hears of the known processes at once, and of every change after. */
  public HeapSource.Subscription listen(Consumer<WatchedProcess> listener) {
    listeners.add(listener);
    processes.values().forEach(listener);
    return () -> listeners.remove(listener);
  }

  /** Hears, in one sentence, when the source is lost for a while. */
  public HeapSource.Subscription listenToNotices(Consumer<String> listener) {
    noticeListeners.add(listener);
    return () -> noticeListeners.remove(listener);
  }

  /** In the order in which they were raised; of a recording, all. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Hears of the known findings at once, and of each that is raised after. */
  public synchronized HeapSource.Subscription listenToFindings(Consumer<Finding> listener) {
    findings.forEach(listener);
    findingListeners.add(listener);
    return () -> findingListeners.remove(listener);
  }

  /** The first process that fits, waiting for it at most so long. */
  public Optional<WatchedProcess> awaitProcess(Predicate<WatchedProcess> fits, long millis)
      throws InterruptedException {
    CompletableFuture<WatchedProcess> found = new CompletableFuture<>();
    try (HeapSource.Subscription _ =
        listen(
            process -> {
              if (fits.test(process)) {
                found.complete(process);
              }
            })) {
      return Optional.of(found.get(millis, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new Problem(Problem.Kind.FAILED, "waiting for the program failed", e);
    }
  }

  /** The process that a recording is about, once all of the recording are known. */
  public WatchedProcess awaitRecorded() throws InterruptedException {
    WatchedProcess any =
        awaitProcess(process -> true, LISTED_MILLIS)
            .orElseThrow(() -> Problem.failed("the recording holds no process"));
    int all = source.processes(id).size();
    awaitProcess(process -> processes.size() >= all, LISTED_MILLIS);
    return main().orElse(any);
  }

  /** Ends watching; the source belongs to who made it. */
  @Override
  public void close() {
    player.close();
    subscription.close();
    findingSubscription.close();
  }
}
