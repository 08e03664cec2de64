package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.eclipse.core.commands.Command;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.commands.ICommandService;
import org.eclipse.ui.handlers.IHandlerService;
import org.heapatlas.eclipse.dap.DapFrame;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that run backwards, in the perspective that a stop brings. */
class TimeTravelTest {
  private static final String STEP_BACK = "org.heapatlas.eclipse.ui.stepBack";
  private static final String REVERSE_RESUME = "org.heapatlas.eclipse.ui.reverseResume";

  @TempDir private Path folder;

  @AfterEach
  void end() throws Exception {
    Launches.endAll();
  }

  private static Command command(String id) {
    return workbench().getService(ICommandService.class).getCommand(id);
  }

  private static IWorkbench workbench() {
    return PlatformUI.getWorkbench();
  }

  private static void execute(String id) throws Exception {
    workbench().getService(IHandlerService.class).executeCommand(id, null);
  }

  @Test
  void theyAreEnabledForARecordingAndGoWhereTheySay() throws Exception {
    assertFalse(command(STEP_BACK).isEnabled());
    String recording = Launches.recording(folder).toString();
    DapTarget target =
        Launches.launch(LaunchKind.RECORDING, Map.of(LaunchAttributes.RECORDING, recording));
    Until.holds("a frame is selected", () -> DebugUITools.getDebugContext() instanceof DapFrame);
    Until.holds("step back is enabled", () -> command(STEP_BACK).isEnabled());
    assertTrue(command(REVERSE_RESUME).isEnabled());
    Pictures.take("debug-end");
    execute(STEP_BACK);
    Until.holds("a step before", () -> Launches.standsAt(target, "going backward"));
    Until.holds("it can go on", () -> command(REVERSE_RESUME).isEnabled());
    Pictures.take("debug-step-back");
    execute(REVERSE_RESUME);
    Until.holds(
        "the beginning", () -> Launches.standsAt(target, "at the beginning of the recording"));
    target.terminate();
    Until.holds("nothing to go back in", () -> !command(STEP_BACK).isEnabled());
  }
}
