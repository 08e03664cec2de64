package org.heapatlas.dap.handler;

import org.eclipse.lsp4j.debug.PauseArguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.Then;
import org.heapatlas.dap.replay.Replay;
import org.heapatlas.model.WatchedProcess;

/** Stops the process of the thread, with all its threads; of a recording, the search in it. */
public final class Pause implements Handler<PauseArguments> {
  @Override
  public Object handle(DapSession session, PauseArguments arguments) {
    Debuggee debuggee = session.debuggee();
    WatchedProcess process = debuggee.processOf(arguments.getThreadId());
    if (debuggee.replay().isPresent()) {
      Replay replay = debuggee.replay().get();
      return new Then(null, () -> replay.pause(process));
    }
    debuggee.pause(process);
    return null;
  }
}
