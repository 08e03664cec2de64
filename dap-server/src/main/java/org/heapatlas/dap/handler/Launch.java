package org.heapatlas.dap.handler;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.lsp4j.debug.ProcessEventArgumentsStartMethod;
import org.heapatlas.dap.Arguments;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.ProgramStart;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Problem;
import org.heapatlas.session.Node;
import org.heapatlas.session.Session;
import org.heapatlas.session.SessionId;

/** Starts a program under the runtime, and the collector before it when none runs. */
public final class Launch implements Handler<Map<String, Object>> {
  private static final String INTERNAL = "internalConsole";

  @Override
  public Object handle(DapSession session, Map<String, Object> given) {
    Arguments arguments = new Arguments(given == null ? Map.of() : given);
    Node.Launch launch = launch(arguments);
    String console = arguments.text("console", INTERNAL);
    session.start(node -> start(session, node, launch, console));
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
    return new Node.Launch(
        words,
        folder.isEmpty() ? null : Path.of(folder),
        arguments.table("env"),
        Mode.parse(arguments.text("mode", Mode.FULL.text())),
        SessionId.fresh("dap"),
        arguments.flag("stopOnEntry"));
  }

  private static Debuggee start(DapSession session, Node node, Node.Launch launch, String console) {
    Node.Command command = node.command(launch);
    Session heap = new Session(launch.session(), node.source());
    Debuggee debuggee = new Debuggee(session, node, heap, ProcessEventArgumentsStartMethod.LAUNCH);
    switch (console) {
      case INTERNAL -> ProgramStart.here(session, debuggee, command);
      case "integratedTerminal" ->
          ProgramStart.inTerminal(session, debuggee, launch, command, false);
      case "externalTerminal" -> ProgramStart.inTerminal(session, debuggee, launch, command, true);
      default ->
          throw Problem.usedWrongly(
              "'%s' is no console; choose internalConsole, integratedTerminal or externalTerminal"
                  .formatted(console));
    }
    return debuggee;
  }
}
