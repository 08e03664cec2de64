package org.heapatlas.dap.replay;

import java.util.Locale;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.heapatlas.model.Address;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Timeline;
import org.heapatlas.session.Cursor;

/** What a client is told of a stop in time, and of the breakpoints that may cause one. */
public final class Stop {
  private static final String NOWHERE = "no event of the recording passes here";

  private Stop() {}

  static StoppedEventArguments event(Arrival arrival, Cursor there, int thread) {
    StoppedEventArguments event = new StoppedEventArguments();
    event.setReason(arrival.reason());
    event.setDescription(
        description(there.timeline()) + (there.backward() ? ", going backward" : ""));
    event.setText(position(there));
    event.setThreadId(thread);
    event.setAllThreadsStopped(true);
    if (!arrival.breakpoints().isEmpty()) {
      event.setHitBreakpointIds(arrival.breakpoints().toArray(Integer[]::new));
    }
    return event;
  }

  /** The event in words. */
  private static String description(Timeline now) {
    String what = now.event().map(Stop::description).orElse("at the end of the recording");
    return now.atBeginning() ? "at the beginning of the recording: " + what : what;
  }

  static String description(HeapEvent event) {
    return switch (event.kind().effect()) {
      case ALLOCATION, REALLOCATION, RELEASE, POOL, MAPPING ->
          String.format(
              Locale.ROOT,
              "%s of %,d bytes at %s",
              event.kind().text(),
              event.size(),
              Address.text(event.address()));
      case LOCK -> event.kind().text() + " at " + Address.text(event.address());
      case PROCESS -> event.kind().text();
    };
  }

  /** Where a process stands, for the console. */
  public static String position(Cursor there) {
    Timeline now = there.timeline();
    return String.format(
        Locale.ROOT,
        "event %,d of %,d, %.6f s of %.6f s, %s",
        now.position(),
        now.endPosition(),
        now.nanos() / 1e9,
        now.endNanos() / 1e9,
        there.backward() ? "backward" : "forward");
  }

  /** The same of a program that runs, and is recorded. */
  public static String position(Timeline now) {
    return String.format(
        Locale.ROOT, "event %,d, %.9f s, recorded so far", now.position(), now.nanos() / 1e9);
  }

  /** As the answer to whoever set it, and when that is known only later. */
  public static Breakpoint shown(EventBreakpoint breakpoint, boolean verified) {
    Breakpoint shown = new Breakpoint();
    shown.setId(breakpoint.id());
    shown.setVerified(verified && breakpoint.flaw().isEmpty());
    if (!breakpoint.flaw().isEmpty()) {
      shown.setMessage(breakpoint.flaw());
    } else if (!verified) {
      shown.setMessage(NOWHERE);
    }
    return shown;
  }
}
