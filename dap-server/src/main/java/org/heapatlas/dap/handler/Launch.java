package org.heapatlas.dap.handler;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.heapatlas.dap.Arguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.ProgramStart;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Problem;
import org.heapatlas.session.Node;
import org.heapatlas.session.Recorder;
import org.heapatlas.session.Session;
import org.heapatlas.session.SessionId;

/**
 * Starts a program under the runtime, and the collector before it when none runs; or opens a
 * recording.
 */
public final class Launch implements Handler<Map<String, Object>> {
  private static final String INTERNAL = "internalConsole";
  private static final String EXTERNAL = "externalTerminal";

  /** For clients with views, which want to be there when a short program has ended. */
  private static final String LEAST = "leastSessionMillis";

  private static final Set<String> CONSOLES = Set.of(INTERNAL, "integratedTerminal", EXTERNAL);

  @Override
  public Object handle(DapSession session, Map<String, Object> given) {
    Arguments arguments = new Arguments(given == null ? Map.of() : given);
    if (arguments.has("recording")) {
      return LaunchRecording.launch(session, arguments);
    }
    Node.Launch launch = launch(arguments);
    String console = arguments.text("console", INTERNAL);
    if (!CONSOLES.contains(console)) {
      throw Problem.usedWrongly(
          "'%s' is no console; choose internalConsole, integratedTerminal or externalTerminal"
              .formatted(console));
    }
    Optional<Recorder> recorder = arguments.recorder(session.client()::important);
    int least = arguments.has(LEAST) ? arguments.number(LEAST) : 0;
    Consumer<Debuggee> prepare =
        debuggee -> {
          debuggee.lastAtLeast(least);
          recorder.ifPresent(its -> debuggee.record(its, String.join(" ", launch.program())));
        };
    session.start(session.nodes()::local, node -> start(session, node, launch, console, prepare));
    session.client().capabilities(Initialize.ofRunningProgram());
    return null;
  }

  private static Node.Launch launch(Arguments arguments) {
    String program = arguments.text("program", "");
    if (program.isBlank()) {
      throw Problem.usedWrongly("the argument 'program' is missing; name the program to run");
    }
    List<String> words = new ArrayList<>(List.of(program));
    words.addAll(arguments.texts("args"));
    String folder = arguments.text("cwd", "");
    Mode mode = Mode.parse(arguments.text("mode", Mode.FULL.text()));
    return new Node.Launch(
        words,
        folder.isEmpty() ? null : Path.of(folder),
        arguments.table("env"),
        arguments.flag("noDebug") ? Mode.OFF : mode,
        SessionId.fresh("dap"),
        arguments.flag("stopOnEntry"));
  }

  private static Debuggee start(
      DapSession session,
      Node node,
      Node.Launch launch,
      String console,
      Consumer<Debuggee> prepare) {
    Node.Command command = node.command(launch);
    Session heap = new Session(launch.session(), node.source());
    Debuggee debuggee = new Debuggee(session, node, heap, Debuggee.Bond.LAUNCHED);
    try {
      prepare.accept(debuggee);
      if (console.equals(INTERNAL)) {
        ProgramStart.here(session, debuggee, command);
      } else {
        ProgramStart.inTerminal(session, debuggee, launch, command, console.equals(EXTERNAL));
      }
      return debuggee;
    } catch (RuntimeException e) {
      debuggee.kill();
      throw e;
    }
  }
}
