package org.heapatlas.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Problem;
import org.heapatlas.model.RecordingStatus;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;

/**
 * The recording of a session: begun before its program or while that runs, sealed behind it. It can
 * be cut: what there is is sealed, and it goes on in a folder beside that; by hand, or by a
 * finding, at most once in the length of the window. A folder behind a cut in which nothing
 * happened is not kept. Main entries: begin, follow, cut, end, from any thread.
 */
public final class Recorder {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.session");

  /** To blocks, mappings and locks; the others say what was there, or are of the process itself. */
  private static final Set<HeapEvent.Kind> HAPPENS =
      Arrays.stream(HeapEvent.Kind.values())
          .filter(kind -> kind != HeapEvent.Kind.EXISTING)
          .filter(kind -> kind.effect() != HeapEvent.Effect.PROCESS)
          .collect(Collectors.toUnmodifiableSet());

  private final Path first;
  private final RecordingStatus.Limits limits;
  private final boolean onFinding;
  private final Consumer<String> say;
  private final Deque<Path> folders = new ArrayDeque<>();
  private Map<Long, Long> counted = Map.of();
  private boolean begun;
  private long cutNanos;
  private HeapSource.Subscription findings = () -> {};

  /** {@code onFinding}: findings cut it too. What is worth a sentence goes to {@code say}. */
  public Recorder(
      Path folder, RecordingStatus.Limits limits, boolean onFinding, Consumer<String> say) {
    this.first = folder.toAbsolutePath().normalize();
    this.folders.addLast(first);
    this.limits = limits;
    this.onFinding = onFinding;
    this.say = say;
    this.cutNanos = System.nanoTime() - limits.lastNanos();
  }

  /** The folder that was begun last, of those that are kept. */
  public synchronized Path folder() {
    return folders.getLast();
  }

  /** Whether only the end of the run is kept, so that it is worth a cut. */
  public boolean movesOn() {
    return limits.lastNanos() > 0;
  }

  /** A Problem says what is wrong with the folder. */
  public synchronized void begin(Session session, String program) {
    session.source().record(session.id(), folder(), limits, program);
    begun = true;
  }

  /** Once the session is there; its findings come on a thread that must not wait. */
  public synchronized void follow(Session session, String program) {
    if (onFinding) {
      findings =
          session.listenToFindings(
              finding -> Thread.ofVirtual().name("cut").start(() -> found(session, program)));
    }
  }

  /** What led to the findings behind a cut lies in the folder that was cut out, or is over. */
  private synchronized void found(Session session, String program) {
    if (System.nanoTime() - cutNanos >= limits.lastNanos()) {
      cut(session, program);
    }
  }

  public synchronized void cut(Session session, String program) {
    if (!begun) {
      return;
    }
    cutNanos = System.nanoTime();
    Map<Long, Long> before = count(session);
    seal(session);
    counted = before;
    folders.addLast(
        first.resolveSibling("%s-%d".formatted(first.getFileName(), folders.size() + 1)));
    try {
      begin(session, program);
    } catch (Problem problem) {
      say.accept("nothing more is recorded: " + problem.getMessage());
    }
  }

  /** Says what became of it; whatever it is, it is not the program's failure. */
  public synchronized void end(Session session) {
    findings.close();
    seal(session);
  }

  private void seal(Session session) {
    if (!begun) {
      return;
    }
    begun = false;
    try {
      RecordingStatus before = session.source().recordingOf(session.id());
      RecordingStatus status = session.source().stopRecording(session.id());
      status.missing().forEach(say);
      boolean early = !before.recording() && !before.why().isEmpty();
      if (early) {
        say.accept("the recording ends early: " + before.why());
      }
      if (!early && folders.size() > 1 && isEmpty(session, status)) {
        drop();
      } else {
        say.accept(
            "recorded %,d events in %s, '%s'"
                .formatted(status.events(), Bytes.text(status.bytes()), folder()));
      }
    } catch (Problem problem) {
      say.accept("the recording may lack its end: " + problem.getMessage());
    }
  }

  /**
   * Whether nothing has happened since before the cut, so that the folder before this one ends with
   * all that this one has: neither in this one, nor between the two.
   */
  private boolean isEmpty(Session session, RecordingStatus status) {
    if (!count(session).equals(counted)) {
      return false;
    }
    return status.events() == 0
        || session.processes().stream().noneMatch(each -> happened(session.source(), each.id()));
  }

  /** By process, its allocations and releases so far, of those whose figures are kept. */
  private static Map<Long, Long> count(Session session) {
    Map<Long, Long> events = new HashMap<>();
    for (WatchedProcess process : session.processes()) {
      try {
        Summary summary = session.source().summarize(process.id(), 0, false);
        events.put(process.id(), summary.allocations() + summary.releases());
      } catch (Problem forgotten) {
        LOG.log(System.Logger.Level.DEBUG, "a process is not counted", forgotten);
      }
    }
    return events;
  }

  /** When in doubt it did. */
  private static boolean happened(HeapSource source, long process) {
    EventSearch.Filter filter =
        new EventSearch.Filter(Optional.empty(), HAPPENS, Set.of(), List.of());
    try {
      EventSearch.Match match =
          source.search(process, new EventSearch(0, false, OptionalLong.empty(), filter));
      return match.event().isPresent() || match.cut();
    } catch (Problem problem) {
      return problem.kind() != Problem.Kind.NOT_FOUND;
    }
  }

  private void drop() {
    Path empty = folder();
    try (Stream<Path> files = Files.walk(empty)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
      folders.removeLast();
      say.accept("nothing was recorded behind the cut, so '%s' is not kept".formatted(empty));
    } catch (IOException | UncheckedIOException e) {
      say.accept(
          "nothing was recorded behind the cut, and '%s' cannot be removed: %s"
              .formatted(empty, e.getMessage()));
    }
  }
}
