package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableItem;
import org.eclipse.ui.IViewPart;
import org.heapatlas.eclipse.dap.DapFrame;
import org.heapatlas.eclipse.dap.DapLineBreakpoint;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.dap.DapThread;
import org.heapatlas.eclipse.dap.DapWatchpoint;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watchpoints at addresses: where a recording stops at them, and the view that lists them. */
class WatchpointsTest {
  private static final int LINE_OF_ALLOCATION = 11;
  private static final int LINE_OF_RELEASE = 16;

  @TempDir private Path folder;
  private IViewPart view;

  @BeforeEach
  void show() throws Exception {
    view = Views.perspective().showView("org.heapatlas.eclipse.ui.view.watchpoints");
  }

  @AfterEach
  void endAll() throws Exception {
    Launches.endAll();
    Views.closeAll(Views.perspective());
  }

  private Table table() {
    return Shells.controls(view.getSite().getShell()).stream()
        .filter(Table.class::isInstance)
        .map(Table.class::cast)
        .filter(table -> table.getColumnCount() == 5)
        .findFirst()
        .orElseThrow();
  }

  private List<String> row(int index) {
    TableItem item = table().getItem(index);
    return List.of(
        item.getText(0), item.getText(1), item.getText(2), item.getText(3), item.getText(4));
  }

  /** Records the program, and says where its block lay. */
  private BigInteger record(Path recording) throws Exception {
    Path place = folder.resolve("place");
    DapTarget target =
        Launches.launch(
            LaunchKind.PROGRAM,
            Map.of(
                LaunchAttributes.PROGRAM, DapSession.compiled("block.c", folder).toString(),
                LaunchAttributes.ARGUMENTS, place.toString(),
                LaunchAttributes.RECORD, recording.toString()));
    Until.holds("the program has ended", () -> target.getProcess().isTerminated());
    return new BigInteger(Files.readString(place).substring(2), 16);
  }

  private static int lineInMain(DapThread thread) throws Exception {
    return Until.done("the stack", thread.frames()).stream()
        .filter(frame -> "main".equals(frame.getName()))
        .mapToInt(DapFrame::getLineNumber)
        .findFirst()
        .orElseThrow();
  }

  private static boolean standsIn(DapTarget target, int line) throws Exception {
    return target.isSuspended() && lineInMain(Launches.standing(target)) == line;
  }

  @Test
  void aRecordingStopsAtTheBlocksReleaseInBothDirections() throws Exception {
    Path recording = folder.resolve("recording");
    DapWatchpoint watched = DapWatchpoint.at(record(recording).add(BigInteger.valueOf(8)), 8);
    DapTarget target =
        Launches.launchInPlace(
            LaunchKind.RECORDING,
            Map.of(
                LaunchAttributes.RECORDING,
                recording.toString(),
                LaunchAttributes.STOP_ON_ENTRY,
                true));
    Launches.standing(target);
    target.resume();
    Until.holds("before the allocation", () -> standsIn(target, LINE_OF_ALLOCATION));
    target.resume();
    Until.holds("before the release", () -> standsIn(target, LINE_OF_RELEASE));
    assertArrayEquals(new IBreakpoint[] {watched}, Launches.standing(target).getBreakpoints());
    target.resume();
    Until.holds("the end", () -> Launches.standsAt(target, "at the end of the recording"));
    target.reverseResume();
    Until.holds("back before the release", () -> standsIn(target, LINE_OF_RELEASE));
    assertArrayEquals(new IBreakpoint[] {watched}, Launches.standing(target).getBreakpoints());
    Until.holds("the view says what serves it", () -> row(0).get(3).equals("recording, exact"));
    assertEquals("nothing", row(0).get(4));
    view.getSite().getPage().activate(view);
    Pictures.take("watchpoints");
  }

  @Test
  void theViewListsWhatIsWatchedAndSwitchesIt() throws Exception {
    DapWatchpoint first = DapWatchpoint.at(BigInteger.valueOf(0x1000), 16);
    Until.holds("a row", () -> table().getItemCount() == 1);
    assertEquals(List.of("0x1000, 16 bytes", "", "", "", ""), row(0));
    first.getMarker().setAttribute(DapLineBreakpoint.CONDITION, "size > 64");
    first.getMarker().setAttribute(DapLineBreakpoint.HIT_CONDITION, "% 5");
    Until.holds("its wishes", () -> row(0).subList(1, 3).equals(List.of("size > 64", "% 5")));
    assertTrue(table().getItem(0).getChecked());
    first.setEnabled(false);
    Until.holds("it is off", () -> row(0).get(3).equals("off"));
    assertTrue(!table().getItem(0).getChecked());
    DebugPlugin.getDefault().getBreakpointManager().removeBreakpoint(first, true);
    Until.holds("no row", () -> table().getItemCount() == 0);
    Pictures.take("no watchpoints");
  }

  /** It is not stopped, and that is said where the watchpoint is listed. */
  @Test
  void aRunningProgramIsWatchedOnAndTheViewSaysThatItDoesNotStop() throws Exception {
    DapWatchpoint.at(BigInteger.valueOf(0x1000), 16);
    DapTarget target = Launches.redis(folder, "redis.sock");
    Until.holds("why it stops nowhere", () -> row(0).get(3).contains("stops a recording"));
    assertTrue(Arrays.stream(target.getThreads()).noneMatch(thread -> thread.isSuspended()));
  }
}
