package org.heapatlas.view;

import org.heapatlas.model.Problem;

/**
 * An open view with what its front end has seen of it. Its lock makes one thread at a time of all
 * callers.
 */
final class OpenHandle {
  private final String name;
  private final ViewDescription description;
  private final OpenView view;
  private String seen = "";
  private String seenEnd = "";
  private boolean seenLive;
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
    boolean live = frame.time() != null && frame.time().live();
    String end = frame.time() == null ? "" : frame.time().end();
    if (!always && live == seenLive && end.equals(seenEnd) && body.equals(seen)) {
      return null;
    }
    seen = body;
    seenLive = live;
    seenEnd = end;
    String text =
        frame.time() == null
            ? body
            : "{\"time\":" + Json.write(frame.time()) + "," + body.substring(1);
    return new FrameEvent(name, ++sequence, true, text);
  }

  /** The next frame is sent even when nothing changes. */
  synchronized void forget() {
    seen = "";
  }

  synchronized String act(OpenView.Act act) {
    return view.act(act);
  }

  private Frame frameOrFailure() {
    try {
      return view.frame();
    } catch (Problem problem) {
      return Frame.failed(description.widget(), description.title(), problem.getMessage());
    }
  }
}
