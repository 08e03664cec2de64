package org.heapatlas.eclipse.journeys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IProjectDescription;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.PlatformUI;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.heapatlas.eclipse.tests.Launches;
import org.heapatlas.eclipse.tests.Pictures;
import org.heapatlas.eclipse.tests.Until;
import org.heapatlas.eclipse.tests.Views;
import org.heapatlas.eclipse.view.Address;
import org.heapatlas.eclipse.view.HeatMap;
import org.heapatlas.eclipse.view.Hex;
import org.heapatlas.eclipse.view.KeyFigures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people do with an installation, with pointer and keys, on real programs. */
class JourneysTest {
  private static final ILaunchManager LAUNCHES = DebugPlugin.getDefault().getLaunchManager();

  /** At the left of a map, where its segments are named. */
  private static final int WIDE_NAMES = 165;

  private static final int NARROW_NAMES = 100;
  private static final int NARROW = 420;
  private static final int COMPARED_BYTES = 64;

  @TempDir private Path folder;
  private IProject project;
  private Process client;

  @BeforeEach
  void begin() throws Exception {
    var workspace = ResourcesPlugin.getWorkspace();
    IProjectDescription described = workspace.newProjectDescription("journey");
    described.setLocationURI(folder.toUri());
    project = workspace.getRoot().getProject("journey");
    project.create(described, null);
    project.open(null);
    Eye.on(
        () -> {
          Views.perspective().resetPerspective();
          return true;
        });
    Eye.sees("a window as large as the screen", JourneysTest::isLarge);
  }

  private static boolean isLarge() {
    Shell window = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getShell();
    window.setMaximized(true);
    return window.getSize().x >= window.getDisplay().getBounds().width - 2;
  }

  @AfterEach
  void end() throws Exception {
    if (client != null) client.destroyForcibly();
    Launches.endAll();
    for (ILaunchConfiguration kept : LAUNCHES.getLaunchConfigurations()) kept.delete();
    Eye.on(
        () -> {
          Views.closeAll(Views.perspective());
          return true;
        });
    project.delete(false, true, null);
  }

  @ParameterizedTest
  @EnumSource
  void aProgramIsLaunchedFromItsConfigurationAndItsMapIsLive(Program program) throws Exception {
    launchByHand(program);
    HeapViews.shows("atlas", 0, KeyFigures.class, figures -> true);
    HeatMap first = HeapViews.shows("atlas", 1, HeatMap.class, map -> true);
    HeapViews.shows("atlas", 1, HeatMap.class, map -> map != first);
    Pictures.take("live " + program);
  }

  private void launchByHand(Program program) throws Exception {
    Menus.choose('r', "Debug Configurations");
    Eye.window("Debug Configurations");
    Hand.clickTwice(Eye.row("HeapAtlas"));
    write(Eye.field("The program to run."), program.path);
    write(Eye.field("Its arguments"), program.lasting(folder));
    write(Eye.field("The workbench's own"), folder.toString());
    Pictures.take("configuration " + program);
    Hand.click(Eye.button("Debug"));
    running();
    client = program.client(folder);
  }

  private static void write(Point field, String words) {
    Hand.click(field);
    Hand.key('a', SWT.CTRL);
    Hand.type(words);
  }

  @ParameterizedTest
  @EnumSource
  void theBytesThatAreShownAreTheProgramsOwn(Program program) throws Exception {
    launch(program, program.lasting(folder), Map.of());
    client = program.client(folder);
    chooseTile();
    Hand.click(HeapViews.button("atlas", 1, "Show its bytes"));
    Hex bytes = HeapViews.shows("memory.bytes", 0, Hex.class, hex -> !hex.spans().isEmpty());
    Pictures.take("bytes of a block " + program);
    Path process = Path.of("/proc", bytes.program().replaceAll("\\D*(\\d+)\\D*$", "$1"));
    long code = firstMapping(process);
    write(
        Eye.middle(HeapViews.part("memory.bytes", 0, ".text-field")), Address.toWire(code) + "\n");
    Hex shown = HeapViews.shows("memory.bytes", 0, Hex.class, hex -> hex.from() == code);
    byte[] expected = new byte[COMPARED_BYTES];
    try (RandomAccessFile memory = new RandomAccessFile(process.resolve("mem").toFile(), "r")) {
      memory.seek(code);
      memory.readFully(expected);
    }
    assertArrayEquals(expected, shown.bytes().copy(0, COMPARED_BYTES));
    Pictures.take("bytes that were gone to " + program);
  }

  private static long firstMapping(Path process) throws IOException {
    String first = Files.readAllLines(process.resolve("maps")).get(0);
    return Long.parseUnsignedLong(first.substring(0, first.indexOf('-')), 16);
  }

  @ParameterizedTest
  @EnumSource
  void aRecordingIsReplayedAndSteppedBack(Program program) throws Exception {
    DapTarget target = replay(program);
    Hand.click(Eye.tool("Step Back"));
    Until.holds("a step before", () -> Launches.standsAt(target, "going backward"));
    Hand.key(SWT.F6, SWT.SHIFT);
    Pictures.take("stepped back " + program);
  }

  @ParameterizedTest
  @EnumSource
  void aWatchpointIsSetOnARecordingAndReachedBackwards(Program program) throws Exception {
    DapTarget target = replay(program);
    String tile = chooseTile();
    Hand.click(Eye.tab("Watchpoints"));
    Hand.click(Eye.tool("Add Watchpoint"));
    Eye.window("Add Watchpoint");
    write(Eye.field(), tile + ", 4096\n");
    Eye.row(tile + ", 4096 bytes");
    Pictures.take("watchpoint " + program);
    Hand.key(SWT.F8, SWT.SHIFT);
    Until.holds("it stands at the watchpoint", () -> standsAtBreakpoint(target));
    Pictures.take("reached " + program);
  }

  private static boolean standsAtBreakpoint(DapTarget target) throws Exception {
    return target.isSuspended() && Launches.standing(target).getBreakpoints().length == 1;
  }

  /**
   * Clicks on a tile of the map that is full, and answers where it begins; again where the map was
   * drawn anew meanwhile.
   */
  private static String chooseTile() throws Exception {
    HeapViews.shows("atlas", 1, HeatMap.class, map -> true);
    AtomicReference<HeatMap.Detail> chosen = new AtomicReference<>();
    Until.holds(
        "a full tile is chosen",
        () -> {
          Rectangle map = HeapViews.part("atlas", 1, ".drawing");
          int names = map.width < NARROW ? NARROW_NAMES : WIDE_NAMES;
          Hand.click(Eye.dark(new Rectangle(map.x + names, map.y, map.width - names, map.height)));
          chosen.set(
              HeapViews.shows("atlas", 1, HeatMap.class, shown -> shown.detail() != null).detail());
          return !chosen.get().title().startsWith("No live");
        });
    return chosen.get().from();
  }

  /** The session that has begun, once it has. */
  private static DapTarget running() throws Exception {
    Until.holds("a session", () -> sessions().size() == 1);
    return sessions().getFirst();
  }

  private static List<DapTarget> sessions() {
    return Arrays.stream(LAUNCHES.getDebugTargets())
        .filter(target -> !target.isTerminated())
        .map(DapTarget.class::cast)
        .toList();
  }

  private DapTarget launch(Program program, String arguments, Map<String, Object> more)
      throws Exception {
    Map<String, Object> all =
        new java.util.HashMap<>(
            Map.of(
                LaunchAttributes.PROGRAM,
                program.path,
                LaunchAttributes.ARGUMENTS,
                arguments,
                LaunchAttributes.FOLDER,
                folder.toString()));
    all.putAll(more);
    return Launches.launchInPlace(LaunchKind.PROGRAM, all);
  }

  /** Records the program to its end, and replays that from the list of recordings. */
  private DapTarget replay(Program program) throws Exception {
    String recording = folder.resolve("recorded").toString();
    DapTarget recorded =
        launch(program, program.brief(folder), Map.of(LaunchAttributes.RECORD, recording));
    program.end(folder);
    Until.holds("the program has ended", recorded::isTerminated);
    Hand.clickTwice(Eye.row("recorded"));
    DapTarget target = running();
    Until.holds("the end", () -> Launches.standsAt(target, "at the end of the recording"));
    return target;
  }
}
