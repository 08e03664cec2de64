package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.lsp4j.debug.Thread;
import org.eclipse.lsp4j.debug.ThreadsResponse;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Problem;
import org.heapatlas.model.ProgramThread;
import org.heapatlas.model.WatchedProcess;

/** The threads of every living process, each with a number that it keeps. */
public final class Threads implements Handler<Object> {
  @Override
  public Object handle(DapSession session, Object arguments) {
    Debuggee debuggee = session.debuggee();
    List<Thread> threads = new ArrayList<>();
    for (WatchedProcess process : debuggee.living()) {
      for (ProgramThread thread : withEvents(debuggee, process)) {
        Thread shown = new Thread();
        shown.setId(session.threadIds().of(process.id(), thread.tid()));
        shown.setName("%s · %s (%d)".formatted(process.title(), thread.name(), thread.tid()));
        threads.add(shown);
      }
    }
    ThreadsResponse response = new ThreadsResponse();
    response.setThreads(threads.toArray(Thread[]::new));
    return response;
  }

  /**
   * Of a recording, the thread at which it stands may be one that was not seen before, and before
   * the first event there is none; but a client can only go on with a thread.
   */
  private static List<ProgramThread> withEvents(Debuggee debuggee, WatchedProcess process) {
    List<ProgramThread> threads = threadsOf(debuggee, process);
    if (debuggee.replay().isEmpty()) {
      return threads;
    }
    Optional<HeapEvent> event = debuggee.replay().get().cursor(process).timeline().event();
    int tid = event.map(HeapEvent::tid).filter(each -> each > 0).orElse(process.pid());
    return threads.stream().anyMatch(thread -> thread.tid() == tid)
        ? threads
        : Stream.concat(
                threads.stream(), Stream.of(new ProgramThread(tid, "thread", true, 0, 0, 0)))
            .toList();
  }

  /** A process that ended a moment ago has none. */
  private static List<ProgramThread> threadsOf(Debuggee debuggee, WatchedProcess process) {
    try {
      return debuggee.source().threads(process.id());
    } catch (Problem problem) {
      if (debuggee.living().contains(process)) {
        throw problem;
      }
      return List.of();
    }
  }
}
