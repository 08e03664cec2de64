package org.heapatlas.dap.replay;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.ThreadIds;
import org.heapatlas.dap.Work;
import org.heapatlas.model.EventSearch;
import org.heapatlas.model.Finding;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Stack;
import org.heapatlas.model.Timeline;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Cursor;
import org.heapatlas.session.Session;

/**
 * The replayed processes of a client, and their journeys through time, one at a time. Main entries:
 * step, run and jump, each of which answers what is to begin behind the request's answer; pause;
 * begin. A journey has a thread of its own, says where it has stopped, and is interrupted by pause
 * and by the end of the session.
 */
public final class Replay {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.dap");
  static final String AT_BEGINNING = "beginning of the recording";
  static final String AT_END = "end of the recording";
  private static final Set<HeapEvent.Kind> ALL_KINDS =
      EnumSet.complementOf(EnumSet.of(HeapEvent.Kind.OTHER));

  private final DapSession owner;
  private final Session session;
  private final AtomicReference<Journey> underWay = new AtomicReference<>();

  /** How a journey finds its end. */
  private interface Route {
    Arrival find(Explorer explorer, Journey journey);
  }

  /** A search on its way; {@code reached} is where it stands still when it is interrupted. */
  private static final class Journey {
    private final WatchedProcess process;
    private final int tid;
    private volatile boolean interrupted;
    private volatile long reached;
    private volatile Thread thread;

    Journey(WatchedProcess process, int tid) {
      this.process = process;
      this.tid = tid;
    }

    void interrupt() {
      interrupted = true;
      Thread running = thread;
      if (running != null) {
        running.interrupt();
      }
    }
  }

  public Replay(DapSession owner, Session session) {
    this.owner = owner;
    this.session = session;
    session.travelBy(this::travelTo);
    session.player().escort(new Playing(this));
  }

  /** A journey that a view asks for: the client hears where the process stops. */
  private void travelTo(long id, Moment moment) {
    WatchedProcess process =
        session
            .process(id)
            .orElseThrow(() -> Problem.notFound("no process %d is replayed".formatted(id)));
    jump(process, process.pid(), moment).run();
  }

  public Cursor cursor(WatchedProcess process) {
    return session.cursor(process.id());
  }

  /** The first stop: at an instant, or else where a program that runs from its start would stop. */
  public void begin(WatchedProcess process, Optional<Moment> at) {
    owner.breakpoints().replaceAll(breakpoint -> told(process, breakpoint));
    session.seek(process.id(), at.orElse(Moment.BEGINNING));
    int main = process.pid();
    Runnable first =
        at.isPresent()
            ? travel(process, main, (explorer, journey) -> Arrival.at(at.get(), "entry"))
            : travel(
                process, main, (explorer, journey) -> run(explorer, journey, 0, false, "entry"));
    first.run();
  }

  public Runnable step(WatchedProcess process, int tid, Step step) {
    return travel(
        process,
        tid,
        (explorer, journey) ->
            step.from(cursor(process).timeline(), tid, explorer)
                .map(event -> Arrival.at(event, "step"))
                .orElseGet(() -> Arrival.atEnd(step.isBackward(), "step")));
  }

  /** To the next breakpoint, or to the end. */
  public Runnable run(WatchedProcess process, int tid, boolean backward) {
    return travel(
        process,
        tid,
        (explorer, journey) -> {
          long now = journey.reached;
          return run(
              explorer,
              journey,
              backward ? now : now + 1,
              backward,
              backward ? AT_BEGINNING : AT_END);
        });
  }

  private Arrival run(
      Explorer explorer, Journey journey, long from, boolean backward, String otherwise) {
    return search(explorer, journey.process.id(), backward)
        .run(from, position -> journey.reached = position)
        .map(Arrival::at)
        .orElseGet(() -> Arrival.atEnd(backward, otherwise));
  }

  private BreakpointSearch search(Explorer explorer, long process, boolean backward) {
    return new BreakpointSearch(
        explorer,
        process,
        owner.breakpoints().active(),
        findingsOf(process),
        backward,
        text -> owner.client().output("console", text + "\n"));
  }

  /** Where what is played stops at a breakpoint, if it does before a position. */
  Optional<Arrival> stopOnTheWay(long process, long from, OptionalLong until, boolean backward) {
    return search(new Explorer(session.source(), process, owner::finished), process, backward)
        .run(from, until, position -> {})
        .map(Arrival::at);
  }

  void refuseWhileSearching() {
    if (underWay.get() != null) {
      throw searching();
    }
  }

  private static Problem searching() {
    return Problem.usedWrongly("the recording is being searched; 'pause' ends that");
  }

  /** It is played: a client shows it as a program that runs. */
  void tellRuns(long process) {
    int main = session.process(process).map(WatchedProcess::pid).orElse(0);
    owner.client().continued(owner.threadIds().of(process, main), true);
  }

  void tellStopped(long process, Arrival arrival) {
    session
        .process(process)
        .filter(known -> !owner.finished())
        .ifPresent(known -> tell(known, known.pid(), cursor(known), arrival));
  }

  public Runnable jump(WatchedProcess process, int tid, Moment moment) {
    return travel(process, tid, (explorer, journey) -> Arrival.at(moment, "goto"));
  }

  /**
   * Ends the journey that is under way, or what is played, where it has come to; else says where
   * the process stands.
   */
  public void pause(WatchedProcess process) {
    Journey journey = underWay.get();
    if (journey == null && session.player().pause(process.id())) {
      return; // it has been told where it stopped
    }
    if (journey == null) {
      tell(process, process.pid(), cursor(process), Arrival.atEnd(false, "pause"));
    } else {
      journey.interrupt();
    }
  }

  private Runnable travel(WatchedProcess process, int tid, Route route) {
    Journey journey = new Journey(process, tid);
    if (!underWay.compareAndSet(null, journey)) {
      throw searching();
    }
    try {
      session.player().makeWay();
      journey.reached = cursor(process).timeline().position();
    } catch (RuntimeException e) {
      underWay.set(null);
      throw e;
    }
    return () -> Thread.ofVirtual().name("replay").start(() -> go(journey, route));
  }

  private void go(Journey journey, Route route) {
    journey.thread = Thread.currentThread();
    Explorer explorer = explorer(journey.process, journey);
    CompletableFuture<Object> found = new CompletableFuture<>();
    owner
        .work()
        .run(owner, "", "Searching the recording", found, () -> route.find(explorer, journey));
    journey.thread = null;
    // An interrupt was meant for the search alone, which has ended.
    Thread.interrupted();
    arrive(journey, arrival(journey, found));
  }

  private Arrival arrival(Journey journey, CompletableFuture<Object> found) {
    try {
      return (Arrival) found.join();
    } catch (CompletionException e) {
      if (!journey.interrupted && !(e.getCause() instanceof Work.Cancelled)) {
        failed(e.getCause());
      }
      return Arrival.at(new Moment.Position(journey.reached), "pause");
    }
  }

  private void failed(Throwable cause) {
    if (cause instanceof Problem problem) {
      owner.client().important(problem.getMessage());
    } else {
      LOG.log(System.Logger.Level.ERROR, "a search in a recording failed", cause);
      owner.client().important("the search in the recording failed; the server's log says how");
    }
  }

  private void arrive(Journey journey, Arrival arrival) {
    WatchedProcess process = journey.process;
    try {
      session.seek(process.id(), arrival.moment());
    } catch (Problem problem) {
      owner.client().important(problem.getMessage());
    }
    underWay.set(null);
    if (!owner.finished()) {
      tell(process, journey.tid, cursor(process), arrival);
    }
  }

  private void tell(WatchedProcess process, int tid, Cursor there, Arrival arrival) {
    owner.references().forget(process.id());
    int stopped = there.timeline().event().map(HeapEvent::tid).filter(each -> each > 0).orElse(tid);
    StoppedEventArguments event =
        Stop.event(arrival, there, owner.threadIds().of(process.id(), stopped));
    if (event.getReason().equals("exception")) {
      findingAt(process.id()).map(Finding::title).ifPresent(event::setDescription);
    }
    owner.client().stopped(event);
    owner.viewsChanged();
  }

  private List<Finding> findingsOf(long process) {
    return session.findings().stream().filter(finding -> finding.process() == process).toList();
  }

  /** What was found at the event at which a process stands. */
  public Optional<Finding> findingAt(long process) {
    long now = session.cursor(process).timeline().position();
    return findingsOf(process).stream()
        .filter(finding -> finding.position().equals(OptionalLong.of(now)))
        .findFirst();
  }

  private Explorer explorer(WatchedProcess process, Journey journey) {
    return new Explorer(
        session.source(), process.id(), () -> journey.interrupted || owner.finished());
  }

  /** The event at which a thread stands, or its last one before; none where it had none yet. */
  public Optional<HeapEvent> eventOf(ThreadIds.Key thread) {
    Timeline now = session.cursor(thread.process()).timeline();
    return now.event()
        .filter(event -> event.tid() == thread.tid())
        .or(
            () ->
                once(
                        thread.process(),
                        new EventSearch(
                            now.position(),
                            true,
                            OptionalLong.empty(),
                            new EventSearch.Filter(
                                Optional.empty(), ALL_KINDS, Set.of(thread.tid()), List.of())))
                    .event());
  }

  /** Whether an event is the next one of its process. */
  public boolean standsAt(long process, HeapEvent event) {
    return session.cursor(process).timeline().event().equals(Optional.of(event));
  }

  /** The events of a line nearest to where the process stands: before, and behind. */
  public List<HeapEvent> around(WatchedProcess process, EventBreakpoint.Code code) {
    long now = cursor(process).timeline().position();
    EventSearch.Filter filter =
        EventSearch.Filter.HEAP.passing(List.of(located(process, code).place()));
    return java.util.stream.Stream.of(
            new EventSearch(now, true, OptionalLong.empty(), filter),
            new EventSearch(now + 1, false, OptionalLong.empty(), filter))
        .flatMap(search -> once(process.id(), search).event().stream())
        .toList();
  }

  public Stack stackOf(long process, HeapEvent event) {
    return stackOf(process, event.site());
  }

  public Stack stackOf(long process, long site) {
    return site == 0
        ? Stack.EMPTY
        : session.source().stacks(process, List.of(site)).stream().findFirst().orElse(Stack.EMPTY);
  }

  /** As it will be searched for; empty where no event of the recording can stop at it. */
  public Optional<EventBreakpoint> verified(WatchedProcess process, EventBreakpoint breakpoint) {
    return switch (breakpoint.target()) {
      case EventBreakpoint.Data _, EventBreakpoint.Raised _ -> Optional.of(breakpoint);
      case EventBreakpoint.Code code -> {
        EventBreakpoint.Code located = located(process, code);
        yield isThere(process, located.place())
            ? Optional.of(breakpoint.at(located))
            : Optional.empty();
      }
    };
  }

  /** The client's path where the recording knows it, or the file's name, which may have moved. */
  private EventBreakpoint.Code located(WatchedProcess process, EventBreakpoint.Code code) {
    return isThere(process, code.place())
        ? code
        : new EventBreakpoint.Code(code.otherwise(), code.otherwise(), code.reason());
  }

  /** A search that takes long may find one yet. */
  private boolean isThere(WatchedProcess process, EventSearch.CodePlace place) {
    EventSearch.Match match =
        once(
            process.id(),
            new EventSearch(
                0, false, OptionalLong.empty(), EventSearch.Filter.HEAP.passing(List.of(place))));
    return match.event().isPresent() || match.cut();
  }

  private EventSearch.Match once(long process, EventSearch search) {
    return session.source().search(process, search);
  }

  private EventBreakpoint told(WatchedProcess process, EventBreakpoint breakpoint) {
    Optional<EventBreakpoint> verified = verified(process, breakpoint);
    if (breakpoint.flaw().isEmpty()) {
      owner.client().breakpoint(Stop.shown(breakpoint, verified.isPresent()));
    }
    return verified.orElse(breakpoint);
  }
}
