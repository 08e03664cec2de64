package org.heapatlas.eclipse.dap;

import java.io.File;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.lsp4j.debug.RunInTerminalRequestArguments;
import org.eclipse.lsp4j.debug.RunInTerminalResponse;

/**
 * The program that an adapter asks its client to start. The platform has no terminal, so its
 * console is the program's, with what is typed there for its input.
 */
final class TerminalProgram {
  private TerminalProgram() {}

  static CompletableFuture<RunInTerminalResponse> run(
      DapTarget target, RunInTerminalRequestArguments asked) {
    try {
      File folder =
          asked.getCwd() == null || asked.getCwd().isEmpty() ? null : new File(asked.getCwd());
      Process process = DebugPlugin.exec(asked.getArgs(), folder, environment(asked));
      String title = asked.getTitle() == null ? asked.getArgs()[0] : asked.getTitle();
      DebugPlugin.newProcess(target.getLaunch(), process, title);
      RunInTerminalResponse answer = new RunInTerminalResponse();
      answer.setProcessId(Math.toIntExact(process.pid()));
      return CompletableFuture.completedFuture(answer);
    } catch (CoreException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The workbench's own, changed as asked: a null takes a variable away. Null for no change. */
  private static String[] environment(RunInTerminalRequestArguments asked) {
    if (asked.getEnv() == null) {
      return null;
    }
    Map<String, String> all = new java.util.HashMap<>(System.getenv());
    asked.getEnv().forEach((name, value) -> all.compute(name, (known, before) -> value));
    return all.entrySet().stream()
        .map(variable -> variable.getKey() + "=" + variable.getValue())
        .toArray(String[]::new);
  }
}
