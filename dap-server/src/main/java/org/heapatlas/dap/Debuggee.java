package org.heapatlas.dap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.eclipse.lsp4j.debug.ProcessEventArgumentsStartMethod;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.heapatlas.dap.replay.Raised;
import org.heapatlas.dap.replay.Replay;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Problem;
import org.heapatlas.model.ProcessSignal;
import org.heapatlas.model.ProgramThread;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;
import org.heapatlas.session.Recorder;
import org.heapatlas.session.Session;

/**
 * The processes that a client debugs, with the node they run on. Turns the collector's news of them
 * into events, in their order on one thread of its own, and ends or leaves them as the protocol
 * says. Called from the handlers' threads and, for news, from the source's.
 */
public final class Debuggee implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.dap");

  /** What binds the client to the processes. */
  public enum Bond {
    /** Ours: they end with the session. */
    LAUNCHED,
    /** We began to watch them: they go on unwatched. */
    ATTACHED,
    /** Somebody else watches them too: they go on as they are, and others may appear. */
    VISITED,
    /** They are read from a recording. */
    REPLAYED
  }

  private final Node node;
  private final Session session;
  private final Bond bond;
  private final DapSession owner;
  private final Optional<Replay> replay;
  private final ExecutorService news =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("news").factory());
  private final Set<Long> announced = ConcurrentHashMap.newKeySet();
  private final Set<String> noticed = ConcurrentHashMap.newKeySet();
  private final Set<Long> stopped = ConcurrentHashMap.newKeySet();
  private final Map<Long, Finding> stoppedAt = new ConcurrentHashMap<>();

  /** Raised before their process was heard of, which the collector says in another stream. */
  private final List<Finding> early = new ArrayList<>();

  private final AtomicBoolean ended = new AtomicBoolean();
  private final SessionEnd sessionEnd;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Runnable endOfStart = () -> {};
  private volatile Optional<Recorder> recorder = Optional.empty();

  public Debuggee(DapSession owner, Node node, Session session, Bond bond) {
    this.owner = owner;
    this.sessionEnd = new SessionEnd(owner.client());
    this.node = node;
    this.session = session;
    this.bond = bond;
    this.replay =
        bond == Bond.REPLAYED ? Optional.of(new Replay(owner, session)) : Optional.empty();
    session.listen(process -> tell(() -> changed(process)));
    session.listenToFindings(finding -> tell(() -> raised(finding)));
    session.listenToNotices(notice -> tell(() -> owner.client().important(notice)));
  }

  public Session session() {
    return session;
  }

  public Optional<Replay> replay() {
    return replay;
  }

  public HeapSource source() {
    return session.source();
  }

  /** What this client records of the session, if it does. */
  public Optional<Recorder> recorder() {
    return recorder;
  }

  /** Every event is kept from now on. A Problem says what is wrong with the folder. */
  public void record(Recorder fresh, String program) {
    fresh.begin(session, program);
    fresh.follow(session, program);
    recorder = Optional.of(fresh);
  }

  public void endRecording() {
    recorder.ifPresent(its -> its.end(session));
    recorder = Optional.empty();
  }

  /** Why a program that was started on the node is not among the processes. */
  Optional<String> whyUnseen(int pid) {
    try {
      return node.whyUnseen(pid);
    } catch (Problem problem) {
      LOG.log(System.Logger.Level.DEBUG, "the collector gives no reason", problem);
      return Optional.empty();
    }
  }

  public boolean launched() {
    return bond == Bond.LAUNCHED;
  }

  /**
   * What ends the program when the collector cannot: called last when a launched program is killed.
   */
  public void onKill(Runnable end) {
    endOfStart = end;
  }

  /** However soon the program ends, the session goes on for so long. */
  public void lastAtLeast(long millis) {
    sessionEnd.notBefore(millis);
  }

  public List<WatchedProcess> living() {
    return session.processes().stream()
        .filter(process -> process.state() != WatchedProcess.State.ENDED)
        .toList();
  }

  /** The process of this thread, or the first that lives. */
  public WatchedProcess processOf(int thread) {
    return owner
        .threadIds()
        .find(thread)
        .flatMap(key -> session.process(key.process()))
        .or(() -> living().stream().findFirst())
        .or(session::first)
        .orElseThrow(
            () -> Problem.notFound("the program has not appeared yet; try again in a moment"));
  }

  /** The process that a request without a thread means. */
  public WatchedProcess mainProcess() {
    return processOf(0);
  }

  /** The process of a frame that was shown, or the main one. */
  public WatchedProcess processOfFrame(Integer frame) {
    return Optional.ofNullable(frame)
        .flatMap(owner.references()::frame)
        .flatMap(key -> session.process(key.process()))
        .orElseGet(this::mainProcess);
  }

  private void tell(Runnable step) {
    try {
      news.execute(step);
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.DEBUG, "news came after the session's end", e);
    }
  }

  private void changed(WatchedProcess process) {
    boolean over = process.state() == WatchedProcess.State.ENDED;
    if (over && bond == Bond.VISITED && !announced.contains(process.id())) {
      return;
    }
    boolean isNew = announce(process);
    // While one program takes the place of another, both are seen for a moment, and both as the new
    // one.
    String pid = process.node() + " " + process.pid() + " ";
    process.notices().stream()
        .filter(notice -> noticed.add(pid + notice))
        .forEach(notice -> owner.client().output("important", notice + "\n"));
    switch (process.state()) {
      case RUNNING -> {
        if (stopped.remove(process.id())) {
          owner.references().forget(process.id());
          eachThread(process, thread -> owner.client().continued(thread, isAlone()));
        }
      }
      case STOPPED -> isStopped(process, isNew ? "entry" : "pause");
      case ENDED -> {
        stopped.remove(process.id());
        owner.threadIds().of(process.id()).forEach(id -> owner.client().thread("exited", id));
        if (bond == Bond.ATTACHED && living().isEmpty()) {
          end(Optional.empty());
        }
      }
      case REPLAYED -> {} // stays as it is
    }
    raiseEarly(process);
  }

  private void raiseEarly(WatchedProcess process) {
    List<Finding> its = early.stream().filter(each -> each.process() == process.id()).toList();
    early.removeAll(its);
    its.forEach(this::raised);
  }

  private boolean announce(WatchedProcess process) {
    if (!announced.add(process.id())) {
      return false;
    }
    owner
        .client()
        .process(
            process,
            launched() || replay.isPresent()
                ? ProcessEventArgumentsStartMethod.LAUNCH
                : ProcessEventArgumentsStartMethod.ATTACH);
    if (process.state() != WatchedProcess.State.ENDED) {
      owner.client().thread("started", mainThread(process));
    }
    return true;
  }

  private int mainThread(WatchedProcess process) {
    return owner.threadIds().of(process.id(), process.pid());
  }

  /** Whether the threads of one process are all threads. */
  private boolean isAlone() {
    return living().size() <= 1;
  }

  /** The main thread stands for all of them where there is but one process. */
  private void eachThread(WatchedProcess process, IntConsumer step) {
    step.accept(mainThread(process));
    if (!isAlone()) {
      orLogged(
          () -> {
            for (ProgramThread thread : source().threads(process.id())) {
              if (thread.tid() != process.pid()) {
                step.accept(owner.threadIds().of(process.id(), thread.tid()));
              }
            }
          });
    }
  }

  private void isStopped(WatchedProcess process, String reason) {
    if (stopped.add(process.id())) {
      stoppedAt.remove(process.id());
      int main = mainThread(process);
      eachThread(
          process, thread -> owner.client().stopped(reason, thread, isAlone(), thread != main));
    }
  }

  /** What a detector has found is said; of a running program, it may be stopped for it. */
  private void raised(Finding finding) {
    if (replay.isPresent()) {
      return;
    }
    if (!announced.contains(finding.process())) {
      early.add(finding);
      return;
    }
    owner.client().important(finding.title() + ": " + finding.explanation());
    owner.viewsChanged();
    session
        .process(finding.process())
        .filter(
            process ->
                Raised.stops(
                    owner.breakpoints(),
                    finding,
                    text -> owner.client().output("console", text + "\n")))
        .ifPresent(process -> stopAt(process, finding));
  }

  private void stopAt(WatchedProcess process, Finding finding) {
    try {
      source().signal(process.id(), ProcessSignal.STOP);
    } catch (Problem gone) {
      owner
          .client()
          .important("the program had ended before it could be stopped at the " + finding.kind());
      return;
    }
    if (!stopped.add(process.id())) {
      return; // at the one before
    }
    stoppedAt.put(process.id(), finding);
    StoppedEventArguments event = new StoppedEventArguments();
    event.setReason("exception");
    event.setDescription(finding.title());
    event.setText(finding.explanation() + late(process, finding));
    event.setThreadId(
        owner.threadIds().of(process.id(), finding.tid() == 0 ? process.pid() : finding.tid()));
    event.setAllThreadsStopped(isAlone());
    owner.client().stopped(event);
  }

  /** Only where both clocks are one. */
  private static String late(WatchedProcess process, Finding finding) {
    if (!process.node().isEmpty()) {
      return " The program was stopped some milliseconds behind that.";
    }
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    long millis = TimeUnit.NANOSECONDS.toMillis(now - process.startRealNanos() - finding.from());
    return " The program was stopped %,d ms behind that.".formatted(Math.max(millis, 0));
  }

  /** The finding for which a running program was stopped. */
  public Optional<Finding> stoppedAt(WatchedProcess process) {
    return stopped.contains(process.id())
        ? Optional.ofNullable(stoppedAt.get(process.id()))
        : Optional.empty();
  }

  public void pause(WatchedProcess process) {
    source().signal(process.id(), ProcessSignal.STOP);
    tell(() -> isStopped(process, "pause"));
  }

  /** Answers whether all threads that the client knows go on. */
  public boolean resume(WatchedProcess process) {
    boolean alone = isAlone();
    if (stopped.remove(process.id()) && !alone) {
      tell(() -> eachThread(process, thread -> owner.client().continued(thread, false)));
    }
    owner.references().forget(process.id());
    source().signal(process.id(), ProcessSignal.CONTINUE);
    return alone;
  }

  /** The program has ended; said to the client once, behind all news before. */
  public void finished(Optional<Integer> status) {
    tell(() -> end(status));
  }

  private void end(Optional<Integer> status) {
    if (ended.compareAndSet(false, true)) {
      endRecording();
      status.ifPresent(owner.client()::exited);
      sessionEnd.say();
    }
  }

  /**
   * Asks every process to end; of a recording, only the session ends. A stopped one could not hear
   * it, so it goes on.
   */
  public void terminate() {
    if (replay.isPresent()) {
      finished(Optional.empty());
      return;
    }
    sessionEnd.notBefore(0);
    if (ended.get()) {
      sessionEnd.sayNow();
    }
    for (WatchedProcess process : living()) {
      source().signal(process.id(), ProcessSignal.TERMINATE);
      if (process.state() == WatchedProcess.State.STOPPED || stopped.contains(process.id())) {
        orLogged(() -> source().signal(process.id(), ProcessSignal.CONTINUE));
      }
    }
  }

  /** Ends everything at once, and then the session. */
  public void kill() {
    if (replay.isPresent()) {
      leave();
    } else if (closed.compareAndSet(false, true)) {
      living()
          .forEach(process -> orLogged(() -> source().signal(process.id(), ProcessSignal.KILL)));
      endOfStart.run();
      release();
    }
  }

  /** Leaves every process running; what nobody but us watched goes on unwatched. */
  public void leave() {
    if (closed.compareAndSet(false, true)) {
      for (WatchedProcess process : living()) {
        if (stopped.contains(process.id())) {
          orLogged(() -> source().signal(process.id(), ProcessSignal.CONTINUE));
        }
        if (bond == Bond.ATTACHED) {
          orLogged(() -> source().detach(process.id()));
        }
      }
      release();
    }
  }

  private void release() {
    endRecording();
    news.shutdown();
    session.close();
    node.close();
  }

  private static void orLogged(Runnable step) {
    try {
      step.run();
    } catch (Problem problem) {
      LOG.log(System.Logger.Level.DEBUG, "a process was gone already", problem);
    }
  }

  /** The client is gone without a word. */
  @Override
  public void close() {
    if (launched()) {
      kill();
    } else {
      leave();
    }
  }
}
