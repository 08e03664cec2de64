package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.BreakpointLocationsArguments;
import org.eclipse.lsp4j.debug.BreakpointLocationsResponse;
import org.eclipse.lsp4j.debug.FunctionBreakpoint;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsResponse;
import org.eclipse.lsp4j.debug.SetInstructionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetInstructionBreakpointsResponse;
import org.eclipse.lsp4j.debug.SourceBreakpoint;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.replay.EventBreakpoint;
import org.heapatlas.dap.replay.Replay;
import org.heapatlas.dap.replay.Stop;
import org.heapatlas.model.WatchedProcess;

/**
 * Breakpoints at lines and functions stop a recording at events whose stack passes there, in both
 * directions of time. A running program is not stopped: there they stay unverified and say so, as
 * those of the other kinds do. What is set before the recording is open is verified then.
 */
public final class Breakpoints {
  static final String WHY =
      "HeapAtlas stops a recording at breakpoints, not a running program; 'pause' stops that";
  private static final String OTHER_KIND =
      "HeapAtlas stops at lines, functions and data of a recording, not at this kind of breakpoint";

  public static final Handler<SetBreakpointsArguments> SOURCE =
      (session, arguments) -> {
        List<SourceBreakpoint> wanted = given(arguments.getBreakpoints());
        String path =
            arguments.getSource() == null || arguments.getSource().getPath() == null
                ? "/"
                : "/" + arguments.getSource().getPath().replaceFirst("^/", "");
        List<EventBreakpoint> made = new ArrayList<>();
        for (SourceBreakpoint each : wanted) {
          made.add(
              session
                  .breakpoints()
                  .make(
                      EventBreakpoint.Code.line(path, line(session, each.getLine())),
                      new EventBreakpoint.Wishes(
                          each.getCondition(), each.getHitCondition(), each.getLogMessage())));
        }
        Breakpoint[] shown = set(session, "source " + path, made);
        for (int i = 0; i < shown.length; i++) {
          shown[i].setLine(wanted.get(i).getLine());
          shown[i].setSource(arguments.getSource());
        }
        SetBreakpointsResponse response = new SetBreakpointsResponse();
        response.setBreakpoints(shown);
        return response;
      };

  public static final Handler<SetFunctionBreakpointsArguments> FUNCTION =
      (session, arguments) -> {
        List<EventBreakpoint> made = new ArrayList<>();
        for (FunctionBreakpoint each : given(arguments.getBreakpoints())) {
          made.add(
              session
                  .breakpoints()
                  .make(
                      EventBreakpoint.Code.function(Objects.requireNonNullElse(each.getName(), "")),
                      new EventBreakpoint.Wishes(
                          each.getCondition(), each.getHitCondition(), null)));
        }
        SetFunctionBreakpointsResponse response = new SetFunctionBreakpointsResponse();
        response.setBreakpoints(set(session, "function", made));
        return response;
      };

  public static final Handler<SetInstructionBreakpointsArguments> INSTRUCTION =
      (session, arguments) -> {
        SetInstructionBreakpointsResponse response = new SetInstructionBreakpointsResponse();
        response.setBreakpoints(refused(arguments.getBreakpoints()));
        return response;
      };

  public static final Handler<BreakpointLocationsArguments> LOCATIONS =
      (session, arguments) -> new BreakpointLocationsResponse();

  private Breakpoints() {}

  /** Lines as the client counts them, from 1. */
  static int line(DapSession session, int line) {
    return Boolean.FALSE.equals(session.abilities().getLinesStartAt1()) ? line + 1 : line;
  }

  /** In the place of those that were set in this group before. */
  static Breakpoint[] set(DapSession session, String group, List<EventBreakpoint> wanted) {
    Optional<Replay> replay = session.replay();
    List<EventBreakpoint> kept = new ArrayList<>();
    List<Breakpoint> shown = new ArrayList<>();
    for (EventBreakpoint each : wanted) {
      if (replay.isEmpty()) {
        kept.add(each);
        shown.add(pending(each));
      } else {
        WatchedProcess process = session.debuggee().mainProcess();
        Optional<EventBreakpoint> verified = replay.get().verified(process, each);
        kept.add(verified.orElse(each));
        shown.add(Stop.shown(each, verified.isPresent()));
      }
    }
    session.breakpoints().set(group, kept);
    return shown.toArray(Breakpoint[]::new);
  }

  private static Breakpoint pending(EventBreakpoint breakpoint) {
    Breakpoint shown = refused(WHY);
    shown.setId(breakpoint.id());
    return shown;
  }

  /** Clients may leave the list out, or holes in it. */
  static <T> List<T> given(T[] wanted) {
    return wanted == null ? List.of() : Arrays.stream(wanted).filter(Objects::nonNull).toList();
  }

  private static Breakpoint[] refused(Object[] wanted) {
    int count = wanted == null ? 0 : wanted.length;
    return IntStream.range(0, count).mapToObj(i -> refused(OTHER_KIND)).toArray(Breakpoint[]::new);
  }

  private static Breakpoint refused(String why) {
    Breakpoint breakpoint = new Breakpoint();
    breakpoint.setVerified(false);
    breakpoint.setMessage(why);
    return breakpoint;
  }
}
