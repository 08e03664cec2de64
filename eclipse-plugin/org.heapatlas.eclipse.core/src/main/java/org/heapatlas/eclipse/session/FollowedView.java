package org.heapatlas.eclipse.session;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.core.runtime.ILog;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Messages.ViewDescription;

/**
 * A view of the current session as data, for what the workbench itself draws, as long as that runs.
 * Its state belongs to the executor's thread.
 */
public final class FollowedView {
  /** Rows of a table are as many as fit into this, in pixels. */
  private static final int WIDTH = 1000;

  private static final int HEIGHT = 2000;

  private final OpenedView view;
  private final Executor thread;
  private final Consumer<Optional<Frame>> show;
  private HeapSession session;
  private Runnable choice = () -> {};

  private FollowedView(
      Predicate<ViewDescription> pick, Executor thread, Consumer<Optional<Frame>> show) {
    this.view = new OpenedView(pick, thread, new Shown());
    this.thread = thread;
    this.show = show;
  }

  /**
   * @param thread runs what follows, one after the other
   * @param show is given nothing where no session runs, or it has no such view
   */
  public static void begin(
      Predicate<ViewDescription> pick, Executor thread, Consumer<Optional<Frame>> show) {
    FollowedView followed = new FollowedView(pick, thread, show);
    Sessions.shared().onChange(() -> thread.execute(followed::follow));
    thread.execute(followed::follow);
  }

  private void follow() {
    HeapSession current = Sessions.shared().current().orElse(null);
    if (current == session) return;
    choice.run();
    session = current;
    choice =
        current == null
            ? () -> {}
            : current.onChoice(() -> thread.execute(() -> view.open(session)));
    show.accept(Optional.empty());
    view.open(current);
  }

  private final class Shown implements OpenedView.Place {
    @Override
    public void begins(ViewDescription found) {
      // Nothing to show yet.
    }

    @Override
    public int width() {
      return WIDTH;
    }

    @Override
    public int height() {
      return HEIGHT;
    }

    @Override
    public void opened() {
      // It is not acted on.
    }

    @Override
    public void show(Frame frame) {
      show.accept(Optional.of(frame));
    }

    @Override
    public void lost() {
      // What it said last holds until it is back, or the session is over.
    }

    @Override
    public void fail(String sentence) {
      ILog.of(FollowedView.class).warn("A view cannot be followed: " + sentence);
    }

    @Override
    public void missing() {
      // Nothing is shown already.
    }
  }
}
