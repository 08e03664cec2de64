package org.heapatlas.view;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.heapatlas.model.Problem;

/**
 * An open view with what its front end has seen of it. Its lock makes one thread at a time of all
 * callers.
 */
final class OpenHandle {
  private final String name;
  private final ViewDescription description;
  private final OpenView view;
  private final AtomicBoolean due = new AtomicBoolean();
  private final Lock turn = new ReentrantLock();
  private String seen = "";
  private Frame.Time seenTime;
  private long sequence;

  OpenHandle(String name, ViewDescription description, OpenView view) {
    this.name = name;
    this.description = description;
    this.view = view;
  }

  /**
   * The frame now, or null when it differs from what was sent in the clock alone; {@code always}
   * sends it in any case.
   */
  synchronized FrameEvent next(boolean always) {
    Frame frame = frameOrFailure();
    String body = Json.write(frame.withoutTime());
    if (!always && isSameTime(frame.time()) && body.equals(seen)) {
      return null;
    }
    seen = body;
    seenTime = frame.time();
    String text =
        frame.time() == null
            ? body
            : "{\"time\":" + Json.write(frame.time()) + "," + body.substring(1);
    return new FrameEvent(name, ++sequence, true, text);
  }

  /** A live clock that only goes on is none that has changed. */
  private boolean isSameTime(Frame.Time time) {
    boolean bothLive = time != null && seenTime != null && time.live() && seenTime.live();
    return bothLive || Objects.equals(time, seenTime);
  }

  /** The next frame is sent even when nothing changes. */
  synchronized void forget() {
    seen = "";
  }

  /** An act wants a frame; false when one is on its way that will show this act too. */
  boolean becomesDue() {
    return due.compareAndSet(false, true);
  }

  /** Whatever is acted from here on wants a frame of its own. */
  void isServed() {
    due.set(false);
  }

  /** Held by who makes a frame until it is sent; acts need not wait for a slow front end. */
  Lock turn() {
    return turn;
  }

  synchronized String act(OpenView.Act act) {
    return view.act(act);
  }

  void close() {
    view.close();
  }

  private Frame frameOrFailure() {
    try {
      return view.frame();
    } catch (Problem problem) {
      return Frame.failed(description.widget(), description.title(), problem.getMessage());
    }
  }
}
