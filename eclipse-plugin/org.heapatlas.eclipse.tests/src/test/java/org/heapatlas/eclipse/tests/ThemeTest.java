package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.eclipse.e4.ui.css.swt.theme.IThemeEngine;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PlatformUI;
import org.heapatlas.eclipse.ui.views.WidgetView;
import org.heapatlas.eclipse.ui.widgets.Theme;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.HeatMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Views wear the workbench's theme, also when it is switched under them. */
class ThemeTest {
  private static final String DARK = "org.eclipse.e4.ui.css.theme.e4_dark";

  private static final int FRAMES = 4;

  @TempDir private Path folder;
  private final IThemeEngine engine = PlatformUI.getWorkbench().getService(IThemeEngine.class);
  private final String before = engine.getActiveTheme().getId();

  @AfterEach
  void endAll() throws Exception {
    engine.setTheme(before, false);
    Launches.endAll();
    Views.closeAll(Views.perspective());
  }

  private static boolean wears(WidgetView view, Theme theme) {
    return view.pane(0).getStyle().equals(theme.style())
        && view.pane(1).getStyle().equals(theme.style());
  }

  @Test
  void viewsFollowTheWorkbenchIntoTheDarkAndBack() throws Exception {
    IWorkbenchPage page = Views.perspective();
    Launches.redis(folder, "redis.sock");
    WidgetView atlas = Views.show(page, "atlas");
    Until.holds("the map", () -> Views.shows(atlas, 1, HeatMap.class));
    Until.holds("it is light", () -> wears(atlas, Theme.LIGHT));
    engine.setTheme(DARK, false);
    Until.holds("it is dark", () -> wears(atlas, Theme.DARK));
    // The workbench goes on colouring its parts for a while.
    for (int frames = 0; frames < FRAMES; frames++) {
      Frame shown = atlas.pane(0).frame().orElseThrow();
      Until.holds("another frame", () -> atlas.pane(0).frame().orElseThrow() != shown);
    }
    assertTrue(wears(atlas, Theme.DARK), "it stays dark");
    page.showView("org.heapatlas.eclipse.ui.view.watchpoints");
    Pictures.take("dark");
    page.showView("org.heapatlas.eclipse.ui.view.recordings");
    Views.show(page, "timeline");
    Pictures.take("dark timeline");
    engine.setTheme(before, false);
    Until.holds("it is light again", () -> wears(atlas, Theme.LIGHT));
  }
}
