package org.heapatlas.dap.handler;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.heapatlas.dap.Arguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Node;
import org.heapatlas.session.Recorder;
import org.heapatlas.session.Session;
import org.heapatlas.session.SessionId;

/**
 * Watches what runs already: a process of this machine by its {@code pid}, or every process that
 * the collectors at {@code nodes} watch, with the certificates in the folder {@code tls}. It goes
 * on when the session ends.
 */
public final class Attach implements Handler<Map<String, Object>> {
  private static final long LISTED_MILLIS = 10_000;

  @Override
  public Object handle(DapSession session, Map<String, Object> given) {
    Arguments arguments = new Arguments(given == null ? Map.of() : given);
    if (arguments.has("nodes")) {
      visit(session, arguments);
    } else if (arguments.has("pid")) {
      attach(session, arguments);
    } else {
      throw Problem.usedWrongly(
          "the arguments 'pid' and 'nodes' are missing; name a process, or the collectors of nodes");
    }
    session.client().capabilities(Initialize.ofRunningProgram());
    return null;
  }

  private static void attach(DapSession session, Arguments arguments) {
    int pid = arguments.number("pid");
    Mode mode = Mode.parse(arguments.text("mode", Mode.FULL.text()));
    Optional<Recorder> recorder = arguments.recorder(session.client()::important);
    session.start(
        session.nodes()::local,
        node -> {
          String id = SessionId.fresh("dap");
          WatchedProcess process = node.source().attach(pid, mode, id);
          String joined = process.session();
          Session heap = new Session(joined.isEmpty() ? id : joined, node.source());
          awaitListed(heap, process);
          Debuggee debuggee = new Debuggee(session, node, heap, Debuggee.Bond.ATTACHED);
          recorder.ifPresent(its -> debuggee.record(its, process.title()));
          return debuggee;
        });
  }

  /** Threads are asked for as soon as attach is answered, so the session must know the process. */
  private static void awaitListed(Session heap, WatchedProcess process) {
    try {
      if (heap.awaitProcess(listed -> listed.id() == process.id(), LISTED_MILLIS).isEmpty()) {
        throw Problem.failed(
            "the collector attached to process %d and does not list it; attach again"
                .formatted(process.pid()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(
          Problem.Kind.FAILED,
          "attaching to process %d was broken off".formatted(process.pid()),
          e);
    }
  }

  private static void visit(DapSession session, Arguments arguments) {
    List<String> addresses = arguments.texts("nodes");
    String certificates = arguments.text("tls", "");
    if (addresses.isEmpty() || certificates.isEmpty()) {
      throw Problem.usedWrongly(
          "'nodes' wants a list of host:port, and 'tls' the folder with ca.crt, client.crt and client.key");
    }
    Optional<Recorder> recorder = arguments.recorder(session.client()::important);
    session.start(
        () -> session.nodes().remote(addresses, Path.of(certificates)),
        node -> visited(session, node, recorder, "all on " + String.join(", ", addresses)));
  }

  private static Debuggee visited(
      DapSession session, Node node, Optional<Recorder> recorder, String all) {
    Session heap = new Session("", node.source());
    Debuggee debuggee = new Debuggee(session, node, heap, Debuggee.Bond.VISITED);
    try {
      recorder.ifPresent(its -> debuggee.record(its, all));
      return debuggee;
    } catch (RuntimeException e) {
      debuggee.close();
      throw e;
    }
  }
}
