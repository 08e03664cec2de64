package org.heapatlas.session;

import org.heapatlas.model.Timeline;

/** Where a replayed process stands, and whether it came there from later. */
public record Cursor(Timeline timeline, boolean backward) {
  Cursor moved(Timeline there) {
    int way =
        there.position() == timeline.position()
            ? Long.compare(there.nanos(), timeline.nanos())
            : Long.compare(there.position(), timeline.position());
    return new Cursor(there, way == 0 ? backward : way < 0);
  }
}
