package org.heapatlas.eclipse.ui.views;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.heapatlas.eclipse.dap.Dap;
import org.heapatlas.eclipse.session.HeapSession;
import org.heapatlas.eclipse.session.OpenedView;
import org.heapatlas.eclipse.ui.widgets.WidgetHost;
import org.heapatlas.eclipse.ui.widgets.WidgetPane;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Messages.ViewDescription;

/**
 * One view of the current session in a pane. What is not in sight has no view open, so that it
 * costs the server nothing; the last frame stays when the session ends. Confined to the user
 * interface's thread.
 */
final class ViewSlot implements OpenedView.Place {
  private static final String OVER = "The session has ended; start it again.";
  private static final String ENDED = "The session has ended; this is what it showed last.";
  private static final String LOST =
      "The connection to the server is lost; this is what it showed last.";
  private static final int LEAST_WIDTH = 200;
  private static final int LEAST_HEIGHT = 120;

  private final OpenedView opened;
  private final WidgetPane pane;
  private final Executor display;
  private final Consumer<String> report;
  private HeapSession session;
  private ViewDescription view;
  private Act waiting;

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
    this.opened = new OpenedView(pick::takes, display, this);
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
    waiting = null;
    session = next;
    opened.open(next);
    boolean waits = pane.frame().isEmpty();
    if (next == null) pane.setStale(waits ? "" : ENDED);
    // Else it would wait for its first data for good.
    if (waits) pane.setFailure(next == null ? OVER : "");
  }

  void close() {
    waiting = null;
    opened.close();
  }

  @Override
  public void begins(ViewDescription found) {
    view = found;
    pane.setHeading(found.title());
  }

  @Override
  public int width() {
    return Math.max(LEAST_WIDTH, (int) pane.viewport().getWidth());
  }

  @Override
  public int height() {
    return Math.max(LEAST_HEIGHT, (int) pane.viewport().getHeight());
  }

  @Override
  public void opened() {
    if (waiting != null) act(waiting);
    waiting = null;
  }

  @Override
  public void show(Frame frame) {
    pane.setStale("");
    pane.setFrame(frame);
  }

  @Override
  public void lost() {
    if (pane.frame().isPresent()) pane.setStale(LOST);
  }

  @Override
  public void fail(String sentence) {
    pane.setStale("");
    pane.setFailure(sentence);
  }

  @Override
  public void missing() {
    view = null;
    pane.setStale("");
    pane.setFailure("This session has no such view.");
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
    opened
        .act(act)
        .ifPresentOrElse(
            answer -> answer.whenCompleteAsync(this::answered, display), () -> waiting = act);
  }

  private void answered(String message, Throwable failure) {
    report.accept(failure == null ? message : Dap.message(failure));
  }
}
