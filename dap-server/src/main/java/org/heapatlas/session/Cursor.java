package org.heapatlas.session;

import org.heapatlas.model.Timeline;

/** Where a replayed process stands, and whether it came there from later. */
public record Cursor(Timeline timeline, boolean backward) {
  Cursor moved(Timeline there) {
    long from = timeline.position();
    return new Cursor(there, there.position() == from ? backward : there.position() < from);
  }
}
