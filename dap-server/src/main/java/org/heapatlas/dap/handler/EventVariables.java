package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.lsp4j.debug.Variable;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.MemoryReference;
import org.heapatlas.dap.References;
import org.heapatlas.dap.replay.Replay;
import org.heapatlas.model.Address;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.HeapEvent;
import org.heapatlas.model.Stack;

/** An event of a recording as the variables that a client shows in a tree. */
final class EventVariables {
  private EventVariables() {}

  static List<Variable> event(DapSession session, Replay replay, long process, HeapEvent event) {
    List<Variable> variables = new ArrayList<>();
    variables.add(HeapVariables.variable("kind", event.kind().text()));
    Variable address = HeapVariables.variable("address", Address.text(event.address()));
    address.setMemoryReference(MemoryReference.text(session.debuggee(), process, event.address()));
    variables.add(address);
    variables.add(HeapVariables.variable("size", HeapVariables.bytes(event.size())));
    variables.add(HeapVariables.variable("thread", Integer.toString(event.tid())));
    variables.add(
        HeapVariables.variable("time", String.format(Locale.ROOT, "%.9f s", event.nanos() / 1e9)));
    variables.add(HeapVariables.variable("position", HeapVariables.count(event.position())));
    variables.add(HeapVariables.stack(session, process, "stack", replay.stackOf(process, event)));
    variables.addAll(allocation(session, replay, process, event));
    return variables;
  }

  /** Who allocated the block of a release. */
  private static List<Variable> allocation(
      DapSession session, Replay replay, long process, HeapEvent event) {
    if (event.allocatedBy() == 0 && event.allocatedAt().isEmpty()) {
      return List.of();
    }
    Optional<Allocation> live =
        session.debuggee().source().find(process, event.address()).allocation();
    if (live.isPresent() && live.get().address() == event.address()) {
      Variable block =
          HeapVariables.variable(
              "allocation", live.get().stack().described().orElse("not recorded"));
      References.Located located = new References.Located(process, live.get());
      block.setVariablesReference(
          session
              .references()
              .variables(process, () -> HeapVariables.allocation(session, located)));
      return List.of(block, allocatedAt(event));
    }
    Stack stack = replay.stackOf(process, event.allocatedBy());
    return List.of(HeapVariables.stack(session, process, "allocation", stack), allocatedAt(event));
  }

  private static Variable allocatedAt(HeapEvent event) {
    return HeapVariables.variable(
        "allocated at position",
        event.allocatedAt().isPresent()
            ? HeapVariables.count(event.allocatedAt().getAsLong())
            : "before the recording");
  }
}
