package org.heapatlas.eclipse.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.Platform;
import org.eclipse.core.runtime.Status;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.model.LaunchConfigurationDelegate;
import org.heapatlas.eclipse.dap.Dap;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.dap.DapTransport;
import org.heapatlas.eclipse.dap.StartRequest;

/**
 * Starts the server and a session with it. The platform calls it in a job of its own, which waits
 * until the program runs, the recording stands, or the user cancels.
 */
public final class LaunchDelegate extends LaunchConfigurationDelegate {
  private static final long LOOK_MILLIS = 100;

  @Override
  public void launch(
      ILaunchConfiguration configuration, String mode, ILaunch launch, IProgressMonitor monitor)
      throws CoreException {
    StartRequest request = LaunchRequest.of(configuration);
    Path java = java().find();
    Process server = start(ServerFiles.command(java, List.of("dap")));
    ServerLog log = ServerLog.of(server);
    DapTarget target =
        DapTarget.start(launch, configuration.getName(), request, DapTransport.of(server));
    await(target, log, monitor);
  }

  private static JavaSearch java() {
    String named =
        Platform.getPreferencesService()
            .getString(LaunchAttributes.BUNDLE, LaunchAttributes.JAVA_HOME, "", null);
    return new JavaSearch(named, Path.of(System.getProperty("java.home")), System.getenv());
  }

  private static Process start(List<String> command) throws CoreException {
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new CoreException(
          Status.error("The server of HeapAtlas does not start: " + e.getMessage(), e));
    }
  }

  private static void await(DapTarget target, ServerLog log, IProgressMonitor monitor)
      throws CoreException {
    while (!target.ready().isDone()) {
      if (monitor.isCanceled()) {
        target.terminate();
        return;
      }
      if (!pause(target)) {
        target.terminate();
        throw new CoreException(Status.error("The launch was interrupted."));
      }
    }
    if (target.ready().isCompletedExceptionally()) {
      String why = Dap.message(target.ready().exceptionNow());
      throw new CoreException(Status.error(why + log.tail()));
    }
  }

  /** False when the thread was interrupted, which it stays. */
  private static boolean pause(DapTarget target) {
    try {
      target.ready().get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (TimeoutException | ExecutionException e) {
      // Looked at by the caller, which asks again or tells why.
      return true;
    }
    return true;
  }
}
