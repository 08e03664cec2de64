package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.ui.IWorkbenchPage;
import org.heapatlas.eclipse.dap.Dap;
import org.heapatlas.eclipse.dap.DapWatchpoint;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.heapatlas.eclipse.session.Sessions;
import org.heapatlas.eclipse.ui.views.ShowServerView;
import org.heapatlas.eclipse.ui.views.WidgetView;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.HeatMap;
import org.heapatlas.eclipse.view.KeyFigures;
import org.heapatlas.eclipse.view.Table;
import org.heapatlas.eclipse.view.Timeline;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workbench's views on programs that run, and on a recording. */
class ViewsTest {
  @TempDir private Path folder;
  private IWorkbenchPage page;

  @BeforeEach
  void openPerspective() throws Exception {
    page = Views.perspective();
  }

  @AfterEach
  void endAll() throws Exception {
    Launches.endAll();
    Views.closeAll(Views.perspective());
  }

  @Test
  void aLaunchedProgramShowsItsFiguresAndItsMapInTheAtlas() throws Exception {
    launchRedis();
    WidgetView atlas = Views.show(Views.perspective(), "atlas");
    Until.holds("figures", () -> Views.shows(atlas, 0, KeyFigures.class));
    Until.holds("map", () -> Views.shows(atlas, 1, HeatMap.class));
    Pictures.take("atlas");
  }

  /** What is chosen in one view is what another one is about. */
  @Test
  void aTilesMenuWatchesItAndLeadsToItsHistory() throws Exception {
    launchRedis();
    WidgetView atlas = Views.show(Views.perspective(), "atlas");
    Until.holds("map", () -> Views.shows(atlas, 1, HeatMap.class));
    Until.holds("tiles", () -> chosenLastTile(atlas).contains("Set watchpoint"));
    choose(atlas, "Set watchpoint");
    DapWatchpoint watched = assertInstanceOf(DapWatchpoint.class, lastBreakpoint());
    String address = "0x" + watched.address().orElseThrow().toString(16);
    choose(atlas, "What is there");
    Until.holds(
        "it is selected",
        () ->
            atlas
                .pane(1)
                .frame()
                .map(Frame::selection)
                .filter(selection -> selection.from().equals(address))
                .isPresent());
    choose(atlas, "Show History");
    WidgetView history = Views.ofServer(page, "memory.history");
    Until.holds(
        "its history", () -> Views.framed(history, frame -> frame.title().contains(address)));
    Pictures.take("history");
  }

  private static List<String> chosenLastTile(WidgetView atlas) {
    Node map = atlas.pane(1).lookup(".drawing");
    Event.fireEvent(
        map, new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.END, false, false, false, false));
    return atlas.pane(1).menuItems().stream().map(item -> "" + item.getText()).toList();
  }

  private static void choose(WidgetView atlas, String title) {
    atlas.pane(1).menuItems().stream()
        .filter(item -> title.equals(item.getText()))
        .findFirst()
        .orElseThrow()
        .fire();
  }

  private static IBreakpoint lastBreakpoint() {
    IBreakpoint[] all = DebugPlugin.getDefault().getBreakpointManager().getBreakpoints(Dap.MODEL);
    return Arrays.stream(all).filter(DapWatchpoint.class::isInstance).findFirst().orElseThrow();
  }

  @Test
  void aViewOfTheServerIsShownByItsId() throws Exception {
    launchRedis();
    ShowServerView.show(page, "memory.sites", sentence -> {});
    WidgetView sites = Views.ofServer(page, "memory.sites");
    Until.holds("rows", () -> rows(sites) > 0);
    Until.holds("the view's title", () -> sites.getPartName().equals("Call sites"));
    Pictures.take("sites");
  }

  @Test
  void whatAnEndedSessionShowedLastStays() throws Exception {
    launchRedis();
    WidgetView atlas = Views.show(Views.perspective(), "atlas");
    Until.holds("figures", () -> Views.shows(atlas, 0, KeyFigures.class));
    Launches.endAll();
    Until.holds("no session", () -> Sessions.shared().current().isEmpty());
    assertTrue(Views.shows(atlas, 0, KeyFigures.class));
    Pictures.take("ended");
  }

  @Test
  void aRecordingIsPlayedBackwardsToItsBeginning() throws Exception {
    replay();
    WidgetView time = Views.show(Views.perspective(), "timeline");
    Until.holds("it can be played", () -> Views.framed(time, frame -> frame.offers("play")));
    Pictures.take("timeline");
    time.perform(new Act("play", Map.of("direction", "backward")));
    Until.holds(
        "the beginning",
        () ->
            Views.data(time, 0).orElse(null) instanceof Timeline timeline
                && timeline.playback().why().contains("begins here"));
    assertTrue(Views.framed(time, frame -> frame.time().direction().equals("backward")));
  }

  @Test
  void aQueryIsAnsweredInItsView() throws Exception {
    replay();
    WidgetView query = Views.show(Views.perspective(), "query");
    Until.holds("it can be asked", () -> Views.framed(query, frame -> frame.offers("query")));
    String sql = "SELECT size, count(*) AS blocks FROM allocations GROUP BY size ORDER BY 2 DESC";
    query.perform(new Act("query", Map.of("sql", sql)));
    Until.holds(
        "the answer",
        () ->
            Views.data(query, 0).orElse(null) instanceof Table table
                && table.query().equals(sql)
                && table.total() > 1);
    Pictures.take("query");
    assertTrue(offersExport(query));
    Path rows = folder.resolve("rows.csv");
    var written = Sessions.shared().current().orElseThrow().exportQuery(sql, rows);
    Until.holds("the rows in a file", written::isDone);
    assertTrue(written.join().getFirst().code().contains("pandas.read_csv(\"" + rows + "\")"));
    assertTrue(Files.readString(rows).startsWith("size,blocks\r\n"));
  }

  private static boolean offersExport(WidgetView view) {
    return view.pane(0).lookupAll(".button").stream()
        .anyMatch(
            node ->
                node instanceof Button button
                    && button.getText().equals("Export…")
                    && button.isVisible());
  }

  private static int rows(WidgetView view) {
    return Views.data(view, 0).orElse(null) instanceof Table table ? table.rows().size() : 0;
  }

  private void replay() throws Exception {
    String recording = Launches.recording(folder).toString();
    Launches.launchInPlace(LaunchKind.RECORDING, Map.of(LaunchAttributes.RECORDING, recording));
    Until.holds("a session", () -> Sessions.shared().current().isPresent());
  }

  private void launchRedis() throws Exception {
    Launches.redis(folder, "redis.sock");
    Until.holds("a session", () -> Sessions.shared().current().isPresent());
  }
}
