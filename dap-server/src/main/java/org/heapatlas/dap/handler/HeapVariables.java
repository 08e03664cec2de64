package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.lsp4j.debug.Variable;
import org.heapatlas.dap.DapSession;
import org.heapatlas.dap.MemoryReference;
import org.heapatlas.dap.References;
import org.heapatlas.model.Address;
import org.heapatlas.model.Allocation;
import org.heapatlas.model.Bytes;
import org.heapatlas.model.Label;
import org.heapatlas.model.ProgramThread;
import org.heapatlas.model.Site;
import org.heapatlas.model.Stack;
import org.heapatlas.model.StackFrame;
import org.heapatlas.model.Summary;
import org.heapatlas.model.WatchedProcess;
import org.heapatlas.session.HeapSource;

/** Processes, allocations and stacks as the variables that a client shows in a tree. */
final class HeapVariables {
  private static final HeapSource.SiteQuery LEAST =
      new HeapSource.SiteQuery(Site.Order.LIVE_BYTES, 1, 0, "");

  private HeapVariables() {}

  static List<Variable> process(DapSession session, long process) {
    Summary summary = session.debuggee().source().summarize(process, 0, false);
    String node =
        session.debuggee().session().process(process).map(WatchedProcess::node).orElse("");
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
        variable("node", node.isEmpty() ? "this machine" : node),
        variable("pid", Integer.toString(summary.process().pid())));
  }

  /** The newest block of a thread, or why there is none to show. */
  static List<Variable> newest(DapSession session, References.FrameKey frame) {
    HeapSource source = session.debuggee().source();
    long address =
        source.threads(frame.process()).stream()
            .filter(thread -> thread.tid() == frame.tid())
            .findFirst()
            .map(ProgramThread::lastAllocation)
            .orElse(0L);
    if (address == 0) {
      return List.of(variable("newest", "this thread has allocated nothing yet"));
    }
    Optional<Allocation> live = source.find(frame.process(), address).allocation();
    return live.map(found -> allocation(session, new References.Located(frame.process(), found)))
        .orElseGet(
            () ->
                List.of(
                    variable(
                        "newest",
                        "%s has been released already".formatted(Address.text(address)))));
  }

  static List<Variable> allocation(DapSession session, References.Located located) {
    Allocation allocation = located.allocation();
    List<Variable> variables = new ArrayList<>();
    Variable address = variable("address", Address.text(allocation.address()));
    address.setMemoryReference(
        MemoryReference.text(session.debuggee(), located.process(), allocation.address()));
    variables.add(address);
    variables.add(variable("size", bytes(allocation.size())));
    variables.add(variable("owner", allocation.stack().described().orElse("not recorded")));
    for (Label.Kind kind : Label.Kind.CARRIED) {
      variables.add(variable(kind.id(), allocation.labels().getOrDefault(kind, "none")));
    }
    long now = session.debuggee().source().sites(located.process(), LEAST).now();
    variables.add(
        variable(
            "age",
            String.format(
                Locale.ROOT,
                "%.3f s (allocated at %.3f s)",
                Math.max(0, now - allocation.time()) / 1e9,
                allocation.time() / 1e9)));
    variables.add(variable("thread", Integer.toString(allocation.tid())));
    variables.add(stack(session, located.process(), "stack", allocation.stack()));
    return variables;
  }

  static Variable stack(DapSession session, long process, String name, Stack stack) {
    Variable shown =
        variable(
            name, stack.frames().isEmpty() ? "not recorded" : stack.frames().size() + " frames");
    if (!stack.frames().isEmpty()) {
      shown.setVariablesReference(session.references().variables(process, () -> frames(stack)));
    }
    return shown;
  }

  private static List<Variable> frames(Stack stack) {
    List<Variable> variables = new ArrayList<>();
    for (StackFrame frame : stack.frames()) {
      variables.add(variable("#" + variables.size(), frame.title() + "  " + frame.place()));
    }
    return variables;
  }

  static Variable variable(String name, String value) {
    Variable variable = new Variable();
    variable.setName(name);
    variable.setValue(value);
    return variable;
  }

  static String bytes(long bytes) {
    return bytes < 1024 ? Bytes.text(bytes) : "%s (%s)".formatted(Bytes.text(bytes), count(bytes));
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
