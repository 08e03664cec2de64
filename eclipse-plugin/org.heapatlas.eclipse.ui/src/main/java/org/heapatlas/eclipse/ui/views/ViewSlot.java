package org.heapatlas.eclipse.ui.views;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.geometry.Dimension2D;
import org.heapatlas.eclipse.dap.Dap;
import org.heapatlas.eclipse.session.FrameFeed;
import org.heapatlas.eclipse.session.HeapSession;
import org.heapatlas.eclipse.ui.widgets.WidgetHost;
import org.heapatlas.eclipse.ui.widgets.WidgetPane;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Messages.ViewDescription;

/**
 * One view of the current session in a pane. What is not in sight has no view open, so that it
 * costs the server nothing; answers of an earlier opening are dropped; the last frame stays when
 * the session ends. Confined to the user interface's thread.
 */
final class ViewSlot {
  private static final String OVER = "The session has ended; start it again.";
  private static final int LEAST_WIDTH = 200;
  private static final int LEAST_HEIGHT = 120;

  private final ViewPick pick;
  private final WidgetPane pane;
  private final Executor display;
  private final Consumer<String> report;
  private HeapSession session;
  private String handle = "";
  private ViewDescription view;
  private Act waiting;
  private int turn;

  /**
   * @param display runs what follows on the user interface's thread
   * @param report shows one sentence: what an action did, or why it could not
   */
  ViewSlot(
      ViewPick pick,
      WidgetPane.Look look,
      WidgetHost host,
      Executor display,
      Consumer<String> report) {
    this.pick = pick;
    this.display = display;
    this.report = report;
    this.pane = new WidgetPane(host, look);
  }

  WidgetPane pane() {
    return pane;
  }

  Optional<ViewDescription> view() {
    return Optional.ofNullable(view);
  }

  /** From now on it shows this session's; null: nothing, and what shows stays. */
  void open(HeapSession next) {
    close();
    session = next;
    if (next == null) {
      pane.setStale(pane.frame().isPresent());
      return;
    }
    int now = turn;
    next.views()
        .whenCompleteAsync(
            (views, failure) -> {
              if (now != turn) return;
              if (failure != null) pane.setFailure(Dap.message(failure));
              else begin(next, views);
            },
            display);
  }

  private void begin(HeapSession next, List<ViewDescription> views) {
    view = pick.of(views).orElse(null);
    if (view == null) {
      pane.setFailure("This session has no such view.");
      return;
    }
    int now = turn;
    pane.setHeading(view.title());
    FrameFeed feed =
        new FrameFeed(
            display,
            frame -> ifCurrent(now, () -> show(frame)),
            sentence -> ifCurrent(now, () -> pane.setFailure(sentence)),
            () -> ifCurrent(now, () -> open(next)));
    Dimension2D room = pane.viewport();
    int width = Math.max(LEAST_WIDTH, (int) room.getWidth());
    int height = Math.max(LEAST_HEIGHT, (int) room.getHeight());
    next.open(view, width, height, feed)
        .whenCompleteAsync((opened, failure) -> opened(now, next, opened, failure), display);
  }

  private void opened(int now, HeapSession from, String opened, Throwable failure) {
    if (failure != null) {
      ifCurrent(now, () -> pane.setFailure(Dap.message(failure)));
    } else if (now == turn) {
      handle = opened;
      if (waiting != null) act(waiting);
      waiting = null;
    } else {
      from.close(opened);
    }
  }

  private void ifCurrent(int then, Runnable deed) {
    if (then == turn) deed.run();
  }

  private void show(Frame frame) {
    pane.setStale(false);
    pane.setFrame(frame);
  }

  /**
   * Asks the server; as soon as the view is open. What is asked of a session that has ended is not
   * kept for the next one, whose memory is another program's.
   */
  void act(Act act) {
    if (session == null) {
      report.accept(OVER);
      return;
    }
    if (handle.isEmpty()) {
      waiting = act;
      return;
    }
    session
        .act(handle, act)
        .whenCompleteAsync(
            (message, failure) -> report.accept(failure == null ? message : Dap.message(failure)),
            display);
  }

  void close() {
    turn++;
    if (session != null && !handle.isEmpty()) session.close(handle);
    handle = "";
    waiting = null;
  }
}
