package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.Launch;
import org.eclipse.debug.core.model.IMemoryBlockExtension;
import org.eclipse.debug.core.model.IProcess;
import org.eclipse.debug.core.model.MemoryByte;
import org.heapatlas.eclipse.dap.DapFrame;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.dap.DapThread;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchDelegate;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Launches of HeapAtlas's own type, with the server that the plug-in brings. */
class LaunchTest {
  private static final int BYTES = 64;

  @TempDir private Path folder;

  @AfterEach
  void end() throws Exception {
    Launches.endAll();
  }

  @Test
  void aProgramThatEndsPrintsIntoItsConsole() throws Exception {
    Path recorded = Launches.recording(folder);
    assertTrue(Files.isDirectory(recorded));
  }

  @Test
  void aProgramInATerminalHasAConsoleOfItsOwn() throws Exception {
    DapTarget target =
        Launches.launch(
            LaunchKind.PROGRAM,
            Map.of(
                LaunchAttributes.PROGRAM, "/usr/bin/sqlite3",
                LaunchAttributes.ARGUMENTS, ":memory:",
                LaunchAttributes.TERMINAL, true));
    IProcess[] processes = target.getLaunch().getProcesses();
    assertEquals(2, processes.length);
    processes[1].getStreamsProxy().write(".exit 3\n");
    Until.holds("sqlite3 has ended", target::isTerminated);
    assertEquals(3, target.getProcess().getExitValue());
  }

  /** Its job is interrupted when the workbench closes, say. */
  @Test
  void aLaunchThatIsInterruptedEndsAndSaysSo() throws Exception {
    ILaunchConfigurationWorkingCopy configuration =
        DebugPlugin.getDefault()
            .getLaunchManager()
            .getLaunchConfigurationType(LaunchAttributes.TYPE)
            .newInstance(null, "interrupted");
    configuration.setAttribute(LaunchAttributes.KIND, LaunchKind.PROGRAM.name());
    configuration.setAttribute(LaunchAttributes.PROGRAM, "/usr/bin/sqlite3");
    Launch launch = new Launch(configuration, ILaunchManager.DEBUG_MODE, null);
    CompletableFuture<Launch> launched = new CompletableFuture<>();
    IProgressMonitor interrupts =
        new NullProgressMonitor() {
          @Override
          public boolean isCanceled() {
            Thread.currentThread().interrupt();
            return false;
          }
        };
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                new LaunchDelegate()
                    .launch(configuration, ILaunchManager.DEBUG_MODE, launch, interrupts);
                launched.complete(launch);
              } catch (CoreException e) {
                launched.completeExceptionally(e);
              }
            });
    AssertionError said =
        assertThrows(AssertionError.class, () -> Until.done("the launch", launched));
    assertTrue(said.getMessage().contains("The launch was interrupted."), said.getMessage());
    Until.holds("its server has ended", launch::isTerminated);
  }

  @Test
  void aServerProgramIsPausedShownAndResumed() throws Exception {
    DapTarget target = Launches.redis(folder, "redis.sock");
    Until.holds("its threads are known", () -> target.getThreads().length > 0);
    target.suspend();
    DapThread thread = Launches.standing(target);
    assertFalse(Until.done("the stack", thread.frames()).isEmpty());
    assertFalse(target.canGoBack());
    thread.resume();
    Until.holds("it runs again", () -> !thread.isSuspended());
  }

  /** What the debugger reads is what the system says of the same bytes. */
  @Test
  void memoryOfARunningProgramIsRead() throws Exception {
    DapTarget target = Launches.redis(folder, "redis.sock");
    Until.holds(
        "its number is known",
        () -> target.getProcess().getAttribute(IProcess.ATTR_PROCESS_ID) != null);
    Path process = Path.of("/proc", target.getProcess().getAttribute(IProcess.ATTR_PROCESS_ID));
    BigInteger code = firstMapping(process);
    IMemoryBlockExtension block =
        Until.called(
            "a block", () -> target.getExtendedMemoryBlock("0x" + code.toString(16), target));
    MemoryByte[] read =
        Until.called("bytes", () -> block.getBytesFromOffset(BigInteger.ZERO, BYTES));
    byte[] expected = new byte[BYTES];
    try (RandomAccessFile memory = new RandomAccessFile(process.resolve("mem").toFile(), "r")) {
      memory.seek(code.longValueExact());
      memory.readFully(expected);
    }
    for (int i = 0; i < BYTES; i++) {
      assertTrue(read[i].isReadable());
      assertEquals(expected[i], read[i].getValue());
    }
    MemoryByte[] nobody =
        Until.called("no bytes", () -> block.getBytesFromAddress(BigInteger.ONE, BYTES));
    assertFalse(nobody[0].isReadable());
  }

  private static BigInteger firstMapping(Path process) throws IOException {
    String first = Files.readAllLines(process.resolve("maps")).get(0);
    return new BigInteger(first.substring(0, first.indexOf('-')), 16);
  }

  @Test
  void aRecordingIsSteppedThroughInBothDirections() throws Exception {
    DapTarget target =
        Launches.launch(
            LaunchKind.RECORDING,
            Map.of(LaunchAttributes.RECORDING, Launches.recording(folder).toString()));
    DapThread thread = Launches.standing(target);
    assertTrue(thread.canGoBack());
    assertEquals("at the end of the recording", thread.description());
    thread.stepBack();
    Until.holds("a step before", () -> Launches.standsAt(target, "going backward"));
    DapFrame top = Until.done("the stack", Launches.standing(target).frames()).get(0);
    assertFalse(Until.done("variables", top.variables()).isEmpty());
    Launches.standing(target).stepOver();
    Until.holds("a step behind", () -> Launches.standsAt(target, "at the end of the recording"));
    target.reverseResume();
    Until.holds(
        "the beginning", () -> Launches.standsAt(target, "at the beginning of the recording"));
  }
}
