package org.heapatlas.eclipse.session;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.core.runtime.ILog;
import org.heapatlas.eclipse.dap.Dap;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Messages.ViewDescription;

/**
 * A view of the current session as data, for what the workbench itself draws: markers, marks on
 * lines. Frames of a session that is current no more are dropped, and a view that is followed no
 * more is closed, so that it costs the server nothing. Its state belongs to the executor's thread.
 */
public final class FollowedView implements AutoCloseable {
  /** Rows of a table are as many as fit into this, in pixels. */
  private static final int WIDTH = 1000;

  private static final int HEIGHT = 2000;

  private final Predicate<ViewDescription> pick;
  private final Executor thread;
  private final Consumer<Optional<Frame>> show;
  private final Runnable leave;
  private HeapSession session;
  private Runnable choice = () -> {};
  private String handle = "";
  private int turn;

  /**
   * @param thread runs what follows, one after the other
   * @param show is given nothing where no session runs, or it has no such view
   */
  public FollowedView(
      Predicate<ViewDescription> pick, Executor thread, Consumer<Optional<Frame>> show) {
    this.pick = pick;
    this.thread = thread;
    this.show = show;
    this.leave = Sessions.shared().onChange(() -> thread.execute(this::follow));
    thread.execute(this::follow);
  }

  @Override
  public void close() {
    leave.run();
    thread.execute(() -> begin(null));
  }

  private void follow() {
    HeapSession current = Sessions.shared().current().orElse(null);
    if (current != session) begin(current);
  }

  private void begin(HeapSession next) {
    closeView();
    choice.run();
    session = next;
    choice = next == null ? () -> {} : next.onChoice(() -> thread.execute(this::reopen));
    show.accept(Optional.empty());
    open();
  }

  private void reopen() {
    closeView();
    open();
  }

  private void open() {
    HeapSession from = session;
    int now = turn;
    if (from == null) return;
    from.views()
        .whenCompleteAsync(
            (views, failure) -> {
              if (failure != null) complain(now, failure);
              else if (now == turn) open(from, views);
            },
            thread);
  }

  private void open(HeapSession from, List<ViewDescription> views) {
    int now = turn;
    FrameFeed feed =
        new FrameFeed(
            thread,
            frame -> {
              if (now == turn) show.accept(Optional.of(frame));
            },
            sentence -> ILog.of(FollowedView.class).warn(sentence),
            () -> {
              if (now == turn) reopen();
            });
    views.stream()
        .filter(pick)
        .findFirst()
        .ifPresent(
            view ->
                from.open(view, WIDTH, HEIGHT, feed)
                    .whenCompleteAsync(
                        (opened, failure) -> {
                          if (failure != null) complain(now, failure);
                          else if (now == turn) handle = opened;
                          else from.close(opened);
                        },
                        thread));
  }

  private void complain(int then, Throwable failure) {
    if (then != turn) return;
    ILog.of(FollowedView.class).warn("A view cannot be followed: " + Dap.message(failure));
  }

  private void closeView() {
    turn++;
    if (session != null && !handle.isEmpty()) session.close(handle);
    handle = "";
  }
}
