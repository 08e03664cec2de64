package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.lsp4j.debug.Variable;
import org.heapatlas.dap.DapSession;
import org.heapatlas.model.Address;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.Summary;

/** Processes, allocations and stacks as the variables that a client shows in a tree. */
final class HeapVariables {
  private HeapVariables() {}

  static List<Variable> process(DapSession session, long process) {
    Summary summary = session.debuggee().source().summarize(process, 0, false);
    return List.of(
        variable("live bytes", bytes(summary.liveBytes())),
        variable("live allocations", count(summary.liveAllocations())),
        variable("peak bytes", bytes(summary.peakBytes())),
        variable("allocations", count(summary.allocations())),
        variable("releases", count(summary.releases())),
        variable("resident (RSS)", bytes(summary.rssBytes())),
        variable("proportional (PSS)", bytes(summary.pssBytes())),
        variable("mapped", bytes(summary.mappedBytes())),
        variable("allocator", summary.process().allocator()),
        variable("mode", summary.coverage().mode().text()),
        variable("events", count(summary.coverage().events())),
        variable("lost", count(summary.coverage().lost())),
        variable("pid", Integer.toString(summary.process().pid())));
  }

  static List<Variable> allocation(DapSession session, Allocation allocation) {
    List<Variable> variables = new ArrayList<>();
    Variable address = variable("address", Address.text(allocation.address()));
    address.setMemoryReference(Address.text(allocation.address()));
    variables.add(address);
    variables.add(variable("size", bytes(allocation.size())));
    variables.add(
        variable("allocated", String.format(Locale.ROOT, "at %.3f s", allocation.time() / 1e9)));
    variables.add(variable("thread", Integer.toString(allocation.tid())));
    if (!allocation.tag().isEmpty()) {
      variables.add(variable("tag", allocation.tag()));
    }
    variables.add(stack(session, allocation.stack()));
    return variables;
  }

  private static Variable stack(DapSession session, Stack stack) {
    Variable owner =
        variable(
            "stack", stack.frames().isEmpty() ? "not recorded" : stack.frames().getFirst().title());
    if (!stack.frames().isEmpty()) {
      owner.setVariablesReference(session.references().variables(() -> frames(stack)));
    }
    return owner;
  }

  private static List<Variable> frames(Stack stack) {
    List<Variable> variables = new ArrayList<>();
    for (StackFrame frame : stack.frames()) {
      variables.add(variable("#" + variables.size(), frame.title() + "  " + frame.place()));
    }
    return variables;
  }

  private static Variable variable(String name, String value) {
    Variable variable = new Variable();
    variable.setName(name);
    variable.setValue(value);
    return variable;
  }

  private static String bytes(long bytes) {
    return bytes < 1024 ? Bytes.text(bytes) : "%s (%s)".formatted(Bytes.text(bytes), count(bytes));
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
