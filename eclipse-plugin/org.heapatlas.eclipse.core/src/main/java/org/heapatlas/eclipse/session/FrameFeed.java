package org.heapatlas.eclipse.session;

import com.google.gson.JsonElement;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.heapatlas.eclipse.view.ContractException;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.Frames;
import org.heapatlas.eclipse.view.Messages;

/**
 * The frames of one opened view on their way to what shows them: put together and read on the
 * channel's thread, shown on another. Of frames that come faster than they are shown only the
 * newest is.
 */
public final class FrameFeed {
  private final Executor shower;
  private final Consumer<Frame> show;
  private final Consumer<String> fail;
  private final Runnable reopen;
  private final Frames frames = new Frames();
  private final AtomicReference<Frame> newest = new AtomicReference<>();

  /**
   * @param shower runs what follows, one after the other
   * @param fail is told in one sentence why a frame cannot be read
   * @param reopen the view is to be opened anew, for a frame was missed
   */
  public FrameFeed(Executor shower, Consumer<Frame> show, Consumer<String> fail, Runnable reopen) {
    this.shower = shower;
    this.show = show;
    this.fail = fail;
    this.reopen = reopen;
  }

  synchronized void open(JsonElement frame) {
    frames.open(frame);
    hand();
  }

  synchronized void push(Messages.Pushed pushed) {
    switch (frames.push(pushed)) {
      case NEWEST -> hand();
      case BASELESS -> shower.execute(reopen);
      case OLD -> {
        // Shown already.
      }
    }
  }

  private void hand() {
    JsonElement raw = frames.raw().orElse(null);
    if (raw == null) return;
    try {
      if (newest.getAndSet(Frame.read(raw)) == null) shower.execute(this::showNewest);
    } catch (ContractException malformed) {
      shower.execute(() -> fail.accept(malformed.getMessage()));
    }
  }

  private void showNewest() {
    Frame frame = newest.getAndSet(null);
    if (frame != null) show.accept(frame);
  }
}
