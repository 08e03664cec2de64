package org.heapatlas.eclipse.journeys;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.core.runtime.Platform;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.ui.IStartup;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PlatformUI;
import org.heapatlas.eclipse.dap.DapWatchpoint;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.tests.Until;
import org.heapatlas.eclipse.tests.Views;
import org.heapatlas.eclipse.tests.Workbench;
import org.heapatlas.eclipse.ui.views.ShowServerView;
import org.heapatlas.eclipse.view.Table;

/**
 * One stay in a workbench that {@link ReopenTest} has started, from its opening to its closing in
 * the middle of a session. In that workbench's process; what came of it stands in a file.
 */
public final class Stay implements IStartup {
  /** Behind it stand which stay it is, the folder of its program, and where to tell. */
  static final String ARGUMENT = "-stay";

  static final String FIRST = "first";
  static final String SECOND = "second";

  private static final int WORDS = 3;
  private static final String SITES = "memory.sites";
  private static final String KEPT = "kept";
  private static final BigInteger WATCHED = BigInteger.valueOf(0x1000);
  private static final int WATCHED_BYTES = 16;

  @Override
  public void earlyStartup() {
    List<String> all = Arrays.asList(Platform.getApplicationArgs());
    int at = all.indexOf(ARGUMENT);
    if (at < 0) return;
    List<String> words = all.subList(at + 1, at + 1 + WORDS);
    Thread.ofPlatform()
        .name("stay")
        .start(() -> live(words.get(0), Path.of(words.get(1)), Path.of(words.get(2))));
  }

  private static void live(String which, Path folder, Path told) {
    try {
      if (which.equals(FIRST)) settleIn(folder);
      else findAllAgain();
      watch();
      tell(told, children());
      Menus.choose('f', "Exit");
    } catch (Exception | AssertionError failure) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      tell(told, trace.toString());
      PlatformUI.getWorkbench().getDisplay().syncExec(() -> PlatformUI.getWorkbench().close());
    }
  }

  private static void settleIn(Path folder) throws Exception {
    ILaunchConfigurationWorkingCopy made =
        launches().getLaunchConfigurationType(LaunchAttributes.TYPE).newInstance(null, KEPT);
    made.setAttribute(LaunchAttributes.PROGRAM, Program.REDIS.path);
    made.setAttribute(LaunchAttributes.ARGUMENTS, Program.REDIS.lasting(folder));
    made.setAttribute(LaunchAttributes.FOLDER, folder.toString());
    made.doSave();
    DapWatchpoint.at(WATCHED, WATCHED_BYTES);
    Workbench.staysInPlace();
    Eye.on(
        () -> {
          IWorkbenchPage page = Views.perspective();
          ShowServerView.show(page, SITES, sentence -> {});
          return page;
        });
  }

  private static void findAllAgain() throws Exception {
    Eye.sees("the perspective", () -> page().getPerspective().getLabel().equals("HeapAtlas"));
    Eye.sees("the view of the server, by its name", () -> titleOf(SITES).equals("Call sites"));
    Hand.click(Eye.tab("Watchpoints"));
    Eye.row("0x1000, 16 bytes");
  }

  private static IWorkbenchPage page() {
    return PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage();
  }

  private static String titleOf(String server) {
    return Arrays.stream(page().getViewReferences())
        .filter(shown -> server.equals(shown.getSecondaryId()))
        .map(shown -> shown.getPartName())
        .collect(Collectors.joining());
  }

  /** By the configuration that is kept, until the view that is in sight shows the program. */
  private static void watch() throws Exception {
    var kept = launches().getLaunchConfigurations();
    Eye.on(
        () -> {
          DebugUITools.launch(kept[0], ILaunchManager.DEBUG_MODE);
          return kept;
        });
    HeapViews.shows(SITES, 0, Table.class, table -> !table.rows().isEmpty());
  }

  private static ILaunchManager launches() {
    return DebugPlugin.getDefault().getLaunchManager();
  }

  /** The numbers of the server and the program. */
  private static String children() throws Exception {
    Until.holds("a program", () -> ProcessHandle.current().descendants().count() > 1);
    return ProcessHandle.current()
        .descendants()
        .map(child -> child.pid() + " " + child.info().command().orElse(""))
        .collect(Collectors.joining("\n"));
  }

  /** All at once, for somebody waits for it. */
  private static void tell(Path file, String words) {
    try {
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.writeString(next, words);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
