package org.heapatlas.eclipse.tests;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.Launch;
import org.eclipse.debug.core.model.IBreakpoint;
import org.heapatlas.eclipse.dap.DapFrame;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.dap.DapThread;
import org.heapatlas.eclipse.dap.DapTransport;
import org.heapatlas.eclipse.dap.DapVariable;
import org.heapatlas.eclipse.dap.StartRequest;

/**
 * A session with an adapter on its standard streams; closing it ends the adapter and its program.
 */
final class DapSession implements AutoCloseable {
  private final Process adapter;
  private final DapTarget target;

  private final StringBuffer printed = new StringBuffer();

  private DapSession(Process adapter, DapTarget target) {
    this.adapter = adapter;
    this.target = target;
    target
        .getProcess()
        .getStreamsProxy()
        .getOutputStreamMonitor()
        .addListener((text, monitor) -> printed.append(text));
  }

  /** What the program has printed so far. */
  String printed() {
    return printed.toString();
  }

  static DapSession launch(List<String> adapter, String type, Map<String, Object> arguments)
      throws IOException {
    Process process =
        new ProcessBuilder(adapter).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Workbench.followsStops();
    ILaunch launch = new Launch(null, ILaunchManager.DEBUG_MODE, null);
    DebugPlugin.getDefault().getLaunchManager().addLaunch(launch);
    StartRequest start = new StartRequest(type, StartRequest.Kind.LAUNCH, arguments);
    return new DapSession(process, DapTarget.start(launch, type, start, DapTransport.of(process)));
  }

  static Path program(String name) {
    return Path.of(
        System.getProperty("heapatlas.root"),
        "eclipse-plugin/org.heapatlas.eclipse.tests/programs",
        name);
  }

  /** Compiles a C program of the tests, with debug information. */
  static Path compiled(String source, Path folder) throws IOException, InterruptedException {
    File program = folder.resolve("program").toFile();
    int status =
        new ProcessBuilder("cc", "-g", "-O0", "-o", program.getPath(), program(source).toString())
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("'cc %s' ended with status %d.".formatted(source, status));
    }
    return program.toPath();
  }

  DapTarget target() {
    return target;
  }

  /** The thread that stands, once one does and its stack is known. */
  DapThread stopped() throws Exception {
    Until.holds("a thread stands", () -> standing() != null);
    return standing();
  }

  private DapThread standing() throws Exception {
    for (var thread : target.getThreads()) {
      if (thread instanceof DapThread dap
          && dap.isSuspended()
          && dap.frames().isDone()
          && !dap.frames().join().isEmpty()) {
        return dap;
      }
    }
    return null;
  }

  DapFrame top() throws Exception {
    return Until.done("the stack", stopped().frames()).get(0);
  }

  /** A variable of the top frame by its name. */
  DapVariable variable(String name) throws Exception {
    return Until.done("variables", top().variables()).stream()
        .filter(variable -> variable.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no variable " + name));
  }

  @Override
  public void close() throws Exception {
    target.terminate();
    Until.holds("the target has ended", target::isTerminated);
    Until.holds("the adapter has ended", () -> !adapter.isAlive());
    DebugPlugin.getDefault().getLaunchManager().removeLaunch(target.getLaunch());
    IBreakpoint[] left = DebugPlugin.getDefault().getBreakpointManager().getBreakpoints();
    DebugPlugin.getDefault().getBreakpointManager().removeBreakpoints(left, true);
  }
}
