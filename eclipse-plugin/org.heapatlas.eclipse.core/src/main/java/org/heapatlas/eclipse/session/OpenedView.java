package org.heapatlas.eclipse.session;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.heapatlas.eclipse.dap.Dap;
import org.heapatlas.eclipse.view.Act;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Messages.ViewDescription;

/**
 * One view of a session, open at its server while somebody wants it. What an earlier opening
 * answers is dropped, and what it opened is closed. Its state belongs to the executor's thread.
 */
public final class OpenedView {
  /** Who shows the view; called on the executor's thread. */
  public interface Place {
    /** The view was found and is being opened. */
    void begins(ViewDescription view);

    /** In pixels; the server sends no more than fits. */
    int width();

    int height();

    /** It can be acted on. */
    void opened();

    void show(Frame frame);

    /** The connection is lost: what shows is old. The view is opened again once it is back. */
    void lost();

    /** In one sentence. */
    void fail(String sentence);

    /** The session has no such view. */
    void missing();
  }

  private final Predicate<ViewDescription> pick;
  private final Executor thread;
  private final Place place;
  private HeapSession session;
  private Runnable connection = () -> {};
  private String handle = "";
  private int turn;

  public OpenedView(Predicate<ViewDescription> pick, Executor thread, Place place) {
    this.pick = pick;
    this.thread = thread;
    this.place = place;
  }

  /** The first of a session's views that fits; null: none. */
  public void open(HeapSession from) {
    close();
    session = from;
    if (from == null) return;
    int now = turn;
    connection = from.onConnection(new Connection(from, now));
    from.views()
        .whenCompleteAsync(
            (views, failure) -> {
              if (now != turn) return;
              if (failure != null) place.fail(Dap.message(failure));
              else begin(from, views);
            },
            thread);
  }

  private final class Connection implements HeapSession.ConnectionListener {
    private final HeapSession from;
    private final int then;

    Connection(HeapSession from, int then) {
      this.from = from;
      this.then = then;
    }

    @Override
    public void lost() {
      thread.execute(() -> ifCurrent(then, this::waitForIt));
    }

    @Override
    public void regained() {
      thread.execute(() -> ifCurrent(then, () -> open(from)));
    }

    /** Its server has closed the view, and may give its handle to another. */
    private void waitForIt() {
      handle = "";
      place.lost();
    }
  }

  private void begin(HeapSession from, List<ViewDescription> views) {
    Optional<ViewDescription> view = views.stream().filter(pick).findFirst();
    view.ifPresentOrElse(found -> begin(from, found), place::missing);
  }

  private void begin(HeapSession from, ViewDescription view) {
    int now = turn;
    place.begins(view);
    FrameFeed feed =
        new FrameFeed(
            thread,
            frame -> ifCurrent(now, () -> place.show(frame)),
            sentence -> ifCurrent(now, () -> place.fail(sentence)),
            () -> ifCurrent(now, () -> open(from)));
    from.open(view, place.width(), place.height(), feed)
        .whenCompleteAsync((opened, failure) -> opened(now, from, opened, failure), thread);
  }

  private void opened(int now, HeapSession from, String opened, Throwable failure) {
    if (failure != null) {
      ifCurrent(now, () -> place.fail(Dap.message(failure)));
    } else if (now == turn) {
      handle = opened;
      place.opened();
    } else {
      from.close(opened);
    }
  }

  private void ifCurrent(int then, Runnable deed) {
    if (then == turn) deed.run();
  }

  /** What was done, in words; empty while it is not open. */
  public Optional<CompletableFuture<String>> act(Act act) {
    return handle.isEmpty() ? Optional.empty() : Optional.of(session.act(handle, act));
  }

  public void close() {
    turn++;
    connection.run();
    connection = () -> {};
    if (!handle.isEmpty()) session.close(handle);
    handle = "";
  }
}
