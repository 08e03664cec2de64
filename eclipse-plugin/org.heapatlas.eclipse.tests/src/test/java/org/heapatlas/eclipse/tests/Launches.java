package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.dap.DapThread;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.heapatlas.eclipse.session.Sessions;

/** Launches of HeapAtlas's type, as the platform does them: in the background. */
public final class Launches {
  private Launches() {}

  /** Ends whatever a test has left, and takes its breakpoints away. */
  public static void endAll() throws Exception {
    ILaunchManager launches = DebugPlugin.getDefault().getLaunchManager();
    for (ILaunch launch : launches.getLaunches()) {
      launch.terminate();
      Until.holds("the launch has ended", launch::isTerminated);
      launches.removeLaunch(launch);
    }
    // Of an end the platform tells later; until then the next test would take the session for its
    // own.
    Until.holds("no session is left", () -> Sessions.shared().current().isEmpty());
    var breakpoints = DebugPlugin.getDefault().getBreakpointManager();
    breakpoints.removeBreakpoints(breakpoints.getBreakpoints(), true);
  }

  public static DapTarget launch(LaunchKind kind, Map<String, Object> attributes) throws Exception {
    Workbench.followsStops();
    return begin(kind, attributes);
  }

  /** In the perspective that is in front, also when it stops. */
  public static DapTarget launchInPlace(LaunchKind kind, Map<String, Object> attributes)
      throws Exception {
    Workbench.staysInPlace();
    return begin(kind, attributes);
  }

  /** redis-server, which listens on a socket in a folder, in the perspective that is in front. */
  static DapTarget redis(Path folder, String socket) throws Exception {
    return launchInPlace(
        LaunchKind.PROGRAM,
        Map.of(
            LaunchAttributes.PROGRAM,
            "/usr/bin/redis-server",
            LaunchAttributes.FOLDER,
            folder.toString(),
            LaunchAttributes.ARGUMENTS,
            "--port 0 --save '' --unixsocket " + socket));
  }

  private static DapTarget begin(LaunchKind kind, Map<String, Object> attributes) throws Exception {
    ILaunchConfigurationWorkingCopy configuration =
        DebugPlugin.getDefault()
            .getLaunchManager()
            .getLaunchConfigurationType(LaunchAttributes.TYPE)
            .newInstance(null, "test " + kind);
    configuration.setAttribute(LaunchAttributes.KIND, kind.name());
    attributes.forEach(configuration::setAttribute);
    CompletableFuture<ILaunch> launched =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return configuration.launch(
                    ILaunchManager.DEBUG_MODE, new NullProgressMonitor(), false);
              } catch (org.eclipse.core.runtime.CoreException e) {
                throw new IllegalStateException(e.getMessage(), e);
              }
            });
    ILaunch launch = Until.done("the launch", launched);
    return (DapTarget) launch.getDebugTarget();
  }

  public static DapThread standing(DapTarget target) throws Exception {
    Until.holds(
        "a thread stands",
        () ->
            Arrays.stream(target.getThreads())
                .anyMatch(
                    thread -> thread.isSuspended() && ((DapThread) thread).frames().isDone()));
    return (DapThread)
        Arrays.stream(target.getThreads()).filter(t -> t.isSuspended()).findFirst().orElseThrow();
  }

  /** Whether it stands where its description says so. */
  public static boolean standsAt(DapTarget target, String words) throws Exception {
    return target.isSuspended() && standing(target).description().contains(words);
  }

  /** A small recording, of sqlite3, in a folder. */
  static Path recording(Path folder) throws Exception {
    Path recording = folder.resolve("recording");
    DapTarget target =
        launch(
            LaunchKind.PROGRAM,
            Map.of(
                LaunchAttributes.PROGRAM, "/usr/bin/sqlite3",
                LaunchAttributes.ARGUMENTS, ":memory: \"select count(*) from sqlite_master\"",
                LaunchAttributes.RECORD, recording.toString()));
    Until.holds("sqlite3 has ended", () -> target.getProcess().isTerminated());
    assertEquals(0, target.getProcess().getExitValue());
    return recording;
  }
}
