package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.lsp4j.debug.GotoArguments;
import org.eclipse.lsp4j.debug.GotoTarget;
import org.eclipse.lsp4j.debug.GotoTargetsArguments;
import org.eclipse.lsp4j.debug.GotoTargetsResponse;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.Then;
import org.heapatlas.dap.replay.EventBreakpoint;
import org.heapatlas.dap.replay.Replay;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;

/** The events of a source line that are nearest in time, before and behind; and going there. */
public final class Goto {
  public static final Handler<GotoTargetsArguments> TARGETS =
      (session, arguments) -> {
        Replay replay = session.replayOrRefuse("gotoTargets");
        WatchedProcess process = session.debuggee().mainProcess();
        int line = Breakpoints.line(session, arguments.getLine());
        String path = arguments.getSource() == null ? null : arguments.getSource().getPath();
        List<GotoTarget> targets = new ArrayList<>();
        if (path != null && !path.isEmpty()) {
          for (HeapEvent event : replay.around(process, EventBreakpoint.Code.line(path, line))) {
            GotoTarget target = new GotoTarget();
            target.setId(session.references().target(event.position()));
            target.setLabel(
                String.format(
                    Locale.ROOT,
                    "%s, event %,d at %.6f s",
                    event.kind().text(),
                    event.position(),
                    event.nanos() / 1e9));
            target.setLine(arguments.getLine());
            targets.add(target);
          }
        }
        GotoTargetsResponse response = new GotoTargetsResponse();
        response.setTargets(targets.toArray(GotoTarget[]::new));
        return response;
      };

  public static final Handler<GotoArguments> GO =
      (session, arguments) -> {
        Replay replay = session.replayOrRefuse("goto");
        long position =
            session
                .references()
                .target(arguments.getTargetId())
                .orElseThrow(
                    () ->
                        Problem.notFound(
                            "there is no target %d; ask for the targets again"
                                .formatted(arguments.getTargetId())));
        WatchedProcess process = session.debuggee().processOf(arguments.getThreadId());
        int tid = Steps.tid(session, arguments.getThreadId(), process);
        return new Then(null, replay.jump(process, tid, new Moment.Position(position)));
      };

  private Goto() {}
}
