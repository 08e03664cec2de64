package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.lsp4j.debug.DataBreakpoint;
import org.eclipse.lsp4j.debug.DataBreakpointInfoArguments;
import org.eclipse.lsp4j.debug.DataBreakpointInfoResponse;
import org.eclipse.lsp4j.debug.SetDataBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetDataBreakpointsResponse;
import org.eclipse.lsp4j.debug.Variable;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.MemoryReference;
import org.heapatlas.dap.replay.BreakpointTable;
import org.heapatlas.dap.replay.EventBreakpoint;
import org.heapatlas.model.Address;
import org.heapatlas.model.Problem;

/**
 * Data breakpoints stop a recording where a block that covers their bytes is allocated, released or
 * moved, in both directions of time. They are named {@code 0xFROM-0xTO@PROCESS}.
 */
public final class DataBreakpoints {
  static final int MOST_BYTES = 1 << 30;

  public static final Handler<DataBreakpointInfoArguments> INFO =
      (session, arguments) -> {
        DataBreakpointInfoResponse response = new DataBreakpointInfoResponse();
        if (session.replay().isEmpty()) {
          response.setDescription(Breakpoints.WHY);
          return response;
        }
        Optional<MemoryReference> place = place(session, arguments);
        if (place.isEmpty()) {
          response.setDescription(
              "'%s' has no address; name one as 0x…, or a variable that has one"
                  .formatted(arguments.getName()));
          return response;
        }
        long bytes =
            Math.clamp(arguments.getBytes() == null ? 1 : arguments.getBytes(), 1, MOST_BYTES);
        long address = place.get().address();
        Address.Range range = new Address.Range(address, address + bytes);
        response.setDataId(range + "@" + place.get().process().id());
        response.setDescription("blocks that cover " + range);
        response.setCanPersist(true);
        return response;
      };

  public static final Handler<SetDataBreakpointsArguments> SET =
      (session, arguments) -> {
        List<EventBreakpoint> made = new ArrayList<>();
        for (DataBreakpoint each : Breakpoints.given(arguments.getBreakpoints())) {
          made.add(breakpoint(session.breakpoints(), each));
        }
        SetDataBreakpointsResponse response = new SetDataBreakpointsResponse();
        response.setBreakpoints(Breakpoints.set(session, "data", made));
        return response;
      };

  private DataBreakpoints() {}

  /** A variable's, where one is named by its group; else what the name says. */
  private static Optional<MemoryReference> place(
      DapSession session, DataBreakpointInfoArguments arguments) {
    String name = arguments.getName();
    if (arguments.getVariablesReference() == null || arguments.getVariablesReference() == 0) {
      return name == null || !name.strip().startsWith("0x")
          ? Optional.empty()
          : Optional.of(MemoryReference.parse(session.debuggee(), name.strip()));
    }
    return session.references().variables(arguments.getVariablesReference()).stream()
        .flatMap(List::stream)
        .filter(variable -> variable.getName().equals(name))
        .map(Variable::getMemoryReference)
        .filter(reference -> reference != null)
        .findFirst()
        .map(reference -> MemoryReference.parse(session.debuggee(), reference));
  }

  private static EventBreakpoint breakpoint(BreakpointTable table, DataBreakpoint wanted) {
    String id = wanted.getDataId() == null ? "" : wanted.getDataId();
    int at = id.indexOf('@');
    if (at < 0) {
      return table.flawed(
          "'%s' is no data that was offered; ask 'dataBreakpointInfo' for it".formatted(id));
    }
    try {
      return table.make(
          new EventBreakpoint.Data(
              Address.parse(id.substring(at + 1)), Address.parseRange(id.substring(0, at))),
          new EventBreakpoint.Wishes(wanted.getCondition(), wanted.getHitCondition(), null));
    } catch (Problem wrong) {
      return table.flawed(wrong.getMessage());
    }
  }
}
