package org.heapatlas.dap;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.lsp4j.debug.ProcessEventArgumentsStartMethod;
import org.heapatlas.model.Problem;
import org.heapatlas.model.ProcessSignal;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;
import org.heapatlas.session.Node;
import org.heapatlas.session.Session;

/**
 * The processes that a client debugs, with the node they run on. Turns the collector's news of them
 * into events, and ends or leaves them as the protocol says: what was launched ends with the
 * session, what was attached to goes on.
 */
public final class Debuggee implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.dap");

  private final Node node;
  private final Session session;
  private final ProcessEventArgumentsStartMethod how;
  private final DapSession owner;
  private final Set<Long> announced = ConcurrentHashMap.newKeySet();
  private final Set<Long> stopped = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Runnable endOfStart = () -> {};

  public Debuggee(
      DapSession owner, Node node, Session session, ProcessEventArgumentsStartMethod how) {
    this.owner = owner;
    this.node = node;
    this.session = session;
    this.how = how;
    session.listen(this::changed);
  }

  public Session session() {
    return session;
  }

  public HeapSource source() {
    return session.source();
  }

  public boolean launched() {
    return how == ProcessEventArgumentsStartMethod.LAUNCH;
  }

  /**
   * What ends the program when the collector cannot: called last when a launched program is killed.
   */
  public void onKill(Runnable end) {
    endOfStart = end;
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

  private void changed(WatchedProcess process) {
    switch (process.state()) {
      case RUNNING -> {
        announce(process);
        if (stopped.remove(process.id())) {
          owner.references().forget();
          owner.client().continued(owner.threadIds().of(process.id(), process.pid()));
        }
      }
      case STOPPED -> {
        boolean entry = announce(process);
        isStopped(process, entry ? "entry" : "pause");
      }
      case ENDED -> {
        announce(process);
        stopped.remove(process.id());
        if (!launched() && living().isEmpty()) {
          finished(Optional.empty());
        }
      }
    }
  }

  private boolean announce(WatchedProcess process) {
    if (!announced.add(process.id())) {
      return false;
    }
    owner.client().process(process, how);
    process.notices().forEach(notice -> owner.client().output("important", notice + "\n"));
    return true;
  }

  private void isStopped(WatchedProcess process, String reason) {
    if (stopped.add(process.id())) {
      owner.client().stopped(reason, owner.threadIds().of(process.id(), process.pid()));
    }
  }

  public void pause(WatchedProcess process) {
    source().signal(process.id(), ProcessSignal.STOP);
    isStopped(process, "pause");
  }

  public void resume(WatchedProcess process) {
    stopped.remove(process.id());
    owner.references().forget();
    source().signal(process.id(), ProcessSignal.CONTINUE);
  }

  /** The program has ended; said to the client once. */
  public void finished(Optional<Integer> status) {
    if (ended.compareAndSet(false, true)) {
      status.ifPresent(owner.client()::exited);
      owner.client().terminated();
    }
  }

  /** Asks every process to end. A stopped one could not hear it, so it goes on. */
  public void terminate() {
    for (WatchedProcess process : living()) {
      source().signal(process.id(), ProcessSignal.TERMINATE);
      if (stopped.contains(process.id())) {
        orLogged(() -> source().signal(process.id(), ProcessSignal.CONTINUE));
      }
    }
  }

  /** Ends everything at once, and then the session. */
  public void kill() {
    if (closed.compareAndSet(false, true)) {
      living()
          .forEach(process -> orLogged(() -> source().signal(process.id(), ProcessSignal.KILL)));
      endOfStart.run();
      release();
    }
  }

  /** Leaves every process running and unwatched. */
  public void leave() {
    if (closed.compareAndSet(false, true)) {
      for (WatchedProcess process : living()) {
        if (stopped.contains(process.id())) {
          orLogged(() -> source().signal(process.id(), ProcessSignal.CONTINUE));
        }
        if (!launched()) {
          orLogged(() -> source().detach(process.id()));
        }
      }
      release();
    }
  }

  private void release() {
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
