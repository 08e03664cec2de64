package org.heapatlas.dap.handler;

import java.util.Map;
import org.eclipse.lsp4j.debug.ProcessEventArgumentsStartMethod;
import org.heapatlas.dap.Arguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.model.Mode;
import org.heapatlas.session.Session;
import org.heapatlas.session.SessionId;

/** Watches a process that runs already; it goes on when the session ends. */
public final class Attach implements Handler<Map<String, Object>> {
  @Override
  public Object handle(DapSession session, Map<String, Object> given) {
    Arguments arguments = new Arguments(given == null ? Map.of() : given);
    int pid = arguments.number("pid");
    Mode mode = Mode.parse(arguments.text("mode", Mode.FULL.text()));
    session.start(
        node -> {
          String id = SessionId.fresh("dap");
          String joined = node.source().attach(pid, mode, id).session();
          Session heap = new Session(joined.isEmpty() ? id : joined, node.source());
          return new Debuggee(session, node, heap, ProcessEventArgumentsStartMethod.ATTACH);
        });
    return null;
  }
}
