package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.NextArguments;
import org.eclipse.lsp4j.debug.ReverseContinueArguments;
import org.eclipse.lsp4j.debug.StepBackArguments;
import org.eclipse.lsp4j.debug.StepInArguments;
import org.eclipse.lsp4j.debug.StepOutArguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.Then;
import org.heapatlas.dap.ThreadIds;
import org.heapatlas.dap.replay.Replay;
import org.heapatlas.dap.replay.Step;
import org.heapatlas.model.WatchedProcess;

/** Goes through a recording by steps, forwards and backwards. A running program is not stepped. */
public final class Steps {
  public static final Handler<NextArguments> NEXT =
      (session, arguments) -> step(session, "next", arguments.getThreadId(), Step.NEXT);

  public static final Handler<StepInArguments> IN =
      (session, arguments) -> step(session, "stepIn", arguments.getThreadId(), Step.INTO);

  public static final Handler<StepOutArguments> OUT =
      (session, arguments) -> step(session, "stepOut", arguments.getThreadId(), Step.OUT);

  public static final Handler<StepBackArguments> BACK =
      (session, arguments) -> step(session, "stepBack", arguments.getThreadId(), Step.BACK);

  public static final Handler<ReverseContinueArguments> REVERSE =
      (session, arguments) -> {
        Replay replay = session.replayOrRefuse("reverseContinue");
        WatchedProcess process = session.debuggee().processOf(arguments.getThreadId());
        return new Then(
            null, replay.run(process, tid(session, arguments.getThreadId(), process), true));
      };

  private Steps() {}

  private static Then step(DapSession session, String request, int thread, Step step) {
    Replay replay = session.replayOrRefuse(request);
    WatchedProcess process = session.debuggee().processOf(thread);
    return new Then(null, replay.step(process, tid(session, thread, process), step));
  }

  /** The system's number of a thread; the main thread's where the client names none of ours. */
  static int tid(DapSession session, int thread, WatchedProcess process) {
    return session.threadIds().find(thread).map(ThreadIds.Key::tid).orElse(process.pid());
  }
}
