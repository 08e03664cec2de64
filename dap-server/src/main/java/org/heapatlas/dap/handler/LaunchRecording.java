package org.heapatlas.dap.handler;

import java.nio.file.Path;
import java.util.Optional;
import org.heapatlas.dap.Arguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Then;
import org.heapatlas.dap.replay.Replay;
import org.heapatlas.model.Moment;
import org.heapatlas.model.Problem;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.Node;
import org.heapatlas.session.Session;

/**
 * Opens a recording. It stops first at the instant {@code at}, or with {@code stopOnEntry} at the
 * beginning; without them where a program would: at the first breakpoint, or at the end.
 */
final class LaunchRecording {
  private LaunchRecording() {}

  static Then launch(DapSession session, Arguments arguments) {
    Path recording = Arguments.folder(arguments.text("recording", ""));
    Optional<Moment> at =
        arguments.has("at")
            ? Optional.of(Moment.parse(arguments.text("at", "")))
            : arguments.flag("stopOnEntry") ? Optional.of(Moment.BEGINNING) : Optional.empty();
    session.start(() -> session.nodes().replay(recording), node -> open(session, node, recording));
    Debuggee debuggee = session.debuggee();
    WatchedProcess process = debuggee.mainProcess();
    Replay replay = debuggee.replay().orElseThrow();
    return new Then(null, () -> session.whenConfigured(() -> replay.begin(process, at)));
  }

  private static Debuggee open(DapSession session, Node node, Path recording) {
    Session heap = Session.replayed(node, recording, session.nodes());
    try {
      WatchedProcess process = heap.awaitRecorded();
      heap.cursor(process.id()).timeline().missing().forEach(session.client()::important);
      return new Debuggee(session, node, heap, Debuggee.Bond.REPLAYED);
    } catch (InterruptedException e) {
      heap.close();
      Thread.currentThread().interrupt();
      throw new Problem(Problem.Kind.FAILED, "opening the recording was broken off", e);
    } catch (Problem e) {
      heap.close();
      throw e;
    }
  }
}
