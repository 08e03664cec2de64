package org.heapatlas.dap.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.ExceptionBreakMode;
import org.eclipse.lsp4j.debug.ExceptionBreakpointsFilter;
import org.eclipse.lsp4j.debug.ExceptionDetails;
import org.eclipse.lsp4j.debug.ExceptionFilterOptions;
import org.eclipse.lsp4j.debug.ExceptionInfoArguments;
import org.eclipse.lsp4j.debug.ExceptionInfoResponse;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsResponse;
import org.heapatlas.dap.Debuggee;
import org.heapatlas.dap.Handler;
import org.heapatlas.dap.replay.EventBreakpoint;
import org.heapatlas.model.Finding;
import org.heapatlas.model.Problem;
import org.heapatlas.model.Stack;
import org.heapatlas.model.WatchedProcess;

/**
 * Exception filters are the kinds of findings. A running program is stopped once the finding is
 * raised, a moment behind its event; a recording stops at the event itself, in both directions.
 */
public final class ExceptionBreakpoints {
  private static final Map<String, String> DESCRIPTIONS =
      Map.of(
          "double-free", "A block is released that was released already",
          "invalid-free", "What is released is not the beginning of a block");

  public static final Handler<SetExceptionBreakpointsArguments> SET =
      (session, arguments) -> {
        List<EventBreakpoint> made = new ArrayList<>();
        for (String filter : Breakpoints.given(arguments.getFilters())) {
          made.add(breakpoint(session.breakpoints(), filter, null));
        }
        for (ExceptionFilterOptions each : Breakpoints.given(arguments.getFilterOptions())) {
          made.add(breakpoint(session.breakpoints(), each.getFilterId(), each.getCondition()));
        }
        session.breakpoints().set("exception", made);
        SetExceptionBreakpointsResponse response = new SetExceptionBreakpointsResponse();
        response.setBreakpoints(
            made.stream()
                .map(each -> org.heapatlas.dap.replay.Stop.shown(each, true))
                .toArray(Breakpoint[]::new));
        return response;
      };

  public static final Handler<ExceptionInfoArguments> INFO =
      (session, arguments) -> {
        Debuggee debuggee = session.debuggee();
        WatchedProcess process = debuggee.processOf(arguments.getThreadId());
        Optional<Finding> finding =
            debuggee.replay().isPresent()
                ? debuggee.replay().get().findingAt(process.id())
                : debuggee.stoppedAt(process);
        return report(
            finding.orElseThrow(() -> Problem.notFound("this thread does not stand at a finding")));
      };

  private ExceptionBreakpoints() {}

  static ExceptionBreakpointsFilter[] filters() {
    return Finding.KINDS.stream()
        .map(ExceptionBreakpoints::filter)
        .toArray(ExceptionBreakpointsFilter[]::new);
  }

  private static ExceptionBreakpointsFilter filter(String kind) {
    ExceptionBreakpointsFilter filter = new ExceptionBreakpointsFilter();
    filter.setFilter(kind);
    filter.setLabel(kind);
    filter.setDescription(DESCRIPTIONS.get(kind));
    filter.setDefault_(true);
    filter.setSupportsCondition(true);
    filter.setConditionDescription("such as size > 4K && thread == \"worker\"");
    return filter;
  }

  private static EventBreakpoint breakpoint(
      org.heapatlas.dap.replay.BreakpointTable table, String kind, String condition) {
    if (!Finding.KINDS.contains(kind)) {
      return table.flawed(
          "there is no filter '%s'; there are %s"
              .formatted(kind, String.join(", ", Finding.KINDS)));
    }
    return table.make(
        new EventBreakpoint.Raised(kind), new EventBreakpoint.Wishes(condition, null, null));
  }

  /** The forensic report: what happened, and who released now, who before, who allocated. */
  private static ExceptionInfoResponse report(Finding finding) {
    ExceptionInfoResponse response = new ExceptionInfoResponse();
    response.setExceptionId(finding.kind());
    response.setDescription(finding.title() + "\n" + finding.explanation());
    response.setBreakMode(ExceptionBreakMode.ALWAYS);
    ExceptionDetails details = details(finding.kind(), finding.explanation(), finding.stack());
    details.setInnerException(
        Stream.of(
                details("released before", "who released the block before", finding.freedBy()),
                details("allocated", "who allocated the block", finding.allocatedBy()))
            .filter(each -> !each.getStackTrace().isEmpty())
            .toArray(ExceptionDetails[]::new));
    response.setDetails(details);
    return response;
  }

  private static ExceptionDetails details(String type, String message, Stack stack) {
    ExceptionDetails details = new ExceptionDetails();
    details.setTypeName(type);
    details.setMessage(message);
    StringBuilder text = new StringBuilder();
    stack
        .frames()
        .forEach(
            frame -> text.append(frame.title()).append("  ").append(frame.place()).append('\n'));
    details.setStackTrace(text.toString().stripTrailing());
    return details;
  }
}
