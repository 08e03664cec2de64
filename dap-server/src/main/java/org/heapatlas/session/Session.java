package org.heapatlas.session;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;

/**
 * The processes of one session, kept up to date by its source. Main entries: processes, first,
 * awaitProcess, source. Called by features, the adapter and the command line, from any thread;
 * listeners run on the source's thread and must not block.
 */
public final class Session implements AutoCloseable {
  private static final int MOST_CHOICES = 100;

  private final String id;
  private final HeapSource source;
  private final Map<Long, WatchedProcess> processes = new ConcurrentSkipListMap<>();
  private final List<Consumer<WatchedProcess>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<String>> noticeListeners = new CopyOnWriteArrayList<>();
  private final Map<Integer, ProgramEnd> ends = new ConcurrentHashMap<>();
  private final HeapSource.Subscription subscription;

  public Session(String id, HeapSource source) {
    this.id = id;
    this.source = source;
    this.subscription = source.watchProcesses(id, this::changed, this::noticed);
  }

  private void changed(WatchedProcess process) {
    processes.replaceAll((id, other) -> process.replaces(other) ? other.ended() : other);
    processes.put(process.id(), process);
    listeners.forEach(listener -> listener.accept(process));
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
    return processes.values().stream()
        .filter(each -> each.id() == process.id() || each.replaces(process))
        .reduce((older, newer) -> newer)
        .orElse(process);
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

  /** The first process that fits, waiting for it at most so long. */
  public Optional<WatchedProcess> awaitProcess(Predicate<WatchedProcess> fits, long millis)
      throws InterruptedException {
    CompletableFuture<WatchedProcess> found = new CompletableFuture<>();
    try (HeapSource.Subscription listening =
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

  /** Ends watching; the source belongs to who made it. */
  @Override
  public void close() {
    subscription.close();
  }
}
