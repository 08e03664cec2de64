package org.heapatlas.dap.handler;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.MemoryReference;
import org.heapatlas.dap.replay.EventBreakpoint;
import org.heapatlas.model.Address;
import org.heapatlas.model.Mode;
import org.heapatlas.model.Problem;
import org.heapatlas.view.Json;

/**
 * The watchpoints that a front end keeps by itself: data breakpoints, in a set of their own, for a
 * client always sets those of the protocol as a whole. Waits while the debuggee is being started.
 * Arguments: {@code {"watchpoints": [{"address": "0x…" or a memory reference, "bytes", "condition",
 * "hitCondition"}]}}, in the place of all before; the answer says of each, in order, what has
 * become of it.
 */
public final class Watchpoints implements Handler<JsonElement> {
  public static final String REQUEST = "heapatlas/watchpoints";
  private static final String GROUP = "watchpoints";
  private static final String NONE = "nothing";
  private static final String SAMPLED =
      "a sample of the blocks was recorded; what happened to the others stops nowhere";

  /** What serves one, and what that costs the program; both empty where nothing does. */
  private record Watched(int id, boolean verified, String message, String mechanism, String cost) {
    static Watched of(Breakpoint shown, boolean sampled) {
      String message = shown.getMessage() == null ? "" : shown.getMessage();
      if (!shown.isVerified()) {
        return new Watched(shown.getId(), false, message, "", "");
      }
      return sampled
          ? new Watched(
              shown.getId(),
              true,
              message.isEmpty() ? SAMPLED : message,
              "recording, sampled",
              NONE)
          : new Watched(shown.getId(), true, message, "recording, exact", NONE);
    }
  }

  @Override
  public Object handle(DapSession session, JsonElement arguments) {
    String text = arguments == null ? "{}" : arguments.toString();
    Debuggee debuggee = session.debuggee();
    List<EventBreakpoint> made = new ArrayList<>();
    for (JsonNode each : Json.read(text).path("watchpoints")) {
      made.add(breakpoint(session, debuggee, each));
    }
    List<Watched> shown = new ArrayList<>();
    Breakpoint[] set = Breakpoints.set(session, GROUP, made);
    for (int i = 0; i < set.length; i++) {
      shown.add(Watched.of(set[i], isSampled(debuggee, made.get(i))));
    }
    return JsonParser.parseString(Json.write(Map.of("watchpoints", shown)));
  }

  /** Whether not every block is recorded where it stands, of the process that is watched. */
  private static boolean isSampled(Debuggee debuggee, EventBreakpoint watched) {
    return watched.flaw().isEmpty()
        && watched.target() instanceof EventBreakpoint.Data data
        && debuggee.source().summarize(data.process(), 0, false).coverage().mode() == Mode.SAMPLED;
  }

  private static EventBreakpoint breakpoint(DapSession session, Debuggee debuggee, JsonNode its) {
    try {
      if (debuggee.replay().isEmpty()) {
        return session.breakpoints().flawed(Breakpoints.WHY);
      }
      MemoryReference place = MemoryReference.parse(debuggee, its.path("address").asText(""));
      long bytes = its.path("bytes").asLong(0);
      if (bytes < 1 || bytes > DataBreakpoints.MOST_BYTES) {
        return session.breakpoints().flawed("a watchpoint has from 1 to 2^30 bytes");
      }
      Address.Range range = new Address.Range(place.address(), place.address() + bytes);
      return session
          .breakpoints()
          .make(
              new EventBreakpoint.Data(place.process().id(), range),
              new EventBreakpoint.Wishes(
                  its.path("condition").asText(""), its.path("hitCondition").asText(""), null));
    } catch (Problem wrong) {
      return session.breakpoints().flawed(wrong.getMessage());
    }
  }
}
