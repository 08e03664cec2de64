package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.ui.IViewPart;
import org.eclipse.ui.IViewReference;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PlatformUI;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.heapatlas.eclipse.session.Sessions;
import org.heapatlas.eclipse.ui.views.ShowServerView;
import org.heapatlas.eclipse.ui.views.WidgetView;
import org.heapatlas.eclipse.ui.widgets.WidgetPane;
import org.heapatlas.eclipse.view.HeatMap;
import org.heapatlas.eclipse.view.KeyFigures;
import org.heapatlas.eclipse.view.Table;
import org.heapatlas.eclipse.view.WidgetData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workbench's views on programs that run. */
class ViewsTest {
  private static final String PERSPECTIVE = "org.heapatlas.eclipse.ui.perspective";
  private static final String ATLAS = WidgetView.ANY + ".atlas";

  @TempDir private Path folder;
  private IWorkbenchPage page;

  @BeforeEach
  void openPerspective() throws Exception {
    page =
        PlatformUI.getWorkbench()
            .showPerspective(PERSPECTIVE, PlatformUI.getWorkbench().getActiveWorkbenchWindow());
  }

  /** What a session showed last would pass for what the next one shows. */
  @AfterEach
  void endAllAndCloseTheirViews() throws Exception {
    endAll();
    for (IViewReference shown : page.getViewReferences()) {
      if (shown.getId().startsWith(WidgetView.ANY)) page.hideView(shown);
    }
  }

  private static void endAll() throws Exception {
    ILaunchManager launches = DebugPlugin.getDefault().getLaunchManager();
    for (ILaunch launch : launches.getLaunches()) launch.terminate();
    Until.holds(
        "every session ends",
        () -> Arrays.stream(launches.getLaunches()).allMatch(ILaunch::isTerminated));
    launches.removeLaunches(launches.getLaunches());
  }

  @Test
  void aLaunchedProgramShowsItsFiguresAndItsMapInTheAtlas() throws Exception {
    launchRedis();
    WidgetView atlas = view(page.showView(ATLAS));
    Until.holds("figures", () -> shows(atlas.pane(0), KeyFigures.class));
    Until.holds("map", () -> shows(atlas.pane(1), HeatMap.class));
    Pictures.take("atlas");
  }

  @Test
  void aViewOfTheServerIsShownByItsId() throws Exception {
    launchRedis();
    Until.holds("a session", () -> Sessions.shared().current().isPresent());
    ShowServerView.show(page, "memory.sites", sentence -> {});
    WidgetView sites = view(page.findViewReference(WidgetView.ANY, "memory.sites").getView(true));
    Until.holds(
        "rows",
        () ->
            sites.pane(0).frame().map(frame -> frame.data()).orElse(null) instanceof Table table
                && !table.rows().isEmpty());
    Until.holds("the view's title", () -> sites.getPartName().equals("Call sites"));
    Pictures.take("sites");
  }

  @Test
  void whatAnEndedSessionShowedLastStays() throws Exception {
    launchRedis();
    WidgetView atlas = view(page.showView(ATLAS));
    Until.holds("figures", () -> shows(atlas.pane(0), KeyFigures.class));
    endAll();
    Until.holds("no session", () -> Sessions.shared().current().isEmpty());
    assertTrue(shows(atlas.pane(0), KeyFigures.class));
    Pictures.take("ended");
  }

  private void launchRedis() throws Exception {
    ILaunchConfigurationWorkingCopy configuration =
        DebugPlugin.getDefault()
            .getLaunchManager()
            .getLaunchConfigurationType(LaunchAttributes.TYPE)
            .newInstance(null, "redis");
    configuration.setAttribute(LaunchAttributes.KIND, LaunchKind.PROGRAM.name());
    configuration.setAttribute(LaunchAttributes.PROGRAM, "/usr/bin/redis-server");
    configuration.setAttribute(LaunchAttributes.FOLDER, Files.createDirectories(folder).toString());
    configuration.setAttribute(
        LaunchAttributes.ARGUMENTS, "--port 0 --unixsocket redis.sock --save ''");
    DebugUITools.launch(configuration, ILaunchManager.DEBUG_MODE);
  }

  private static WidgetView view(IViewPart part) {
    return (WidgetView) part;
  }

  private static boolean shows(WidgetPane pane, Class<? extends WidgetData> kind) {
    return pane.frame().map(frame -> kind.isInstance(frame.data())).orElse(false);
  }
}
