package org.heapatlas.eclipse.dap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.DataBreakpoint;
import org.eclipse.lsp4j.debug.DataBreakpointInfoArguments;
import org.eclipse.lsp4j.debug.ExceptionFilterOptions;
import org.eclipse.lsp4j.debug.FunctionBreakpoint;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetDataBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetExceptionBreakpointsArguments;
import org.eclipse.lsp4j.debug.SetFunctionBreakpointsArguments;
import org.eclipse.lsp4j.debug.Source;
import org.eclipse.lsp4j.debug.SourceBreakpoint;

/** Each of the protocol's lists of breakpoints, as the workspace has it when it is sent. */
final class BreakpointRequests {
  private final DapTarget target;
  private final DapBreakpoints breakpoints;

  /** The adapter's own request has been sent. */
  private volatile boolean serves;

  BreakpointRequests(DapTarget target, DapBreakpoints breakpoints) {
    this.target = target;
    this.breakpoints = breakpoints;
  }

  private static <T extends IBreakpoint> List<T> active(Class<T> type) {
    return DapBreakpoints.all().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(DapBreakpoints::isActive)
        .toList();
  }

  private record Line(IBreakpoint breakpoint, SourceLine at) {}

  private static Stream<Line> line(IBreakpoint breakpoint) {
    return SourceLine.of(breakpoint).map(at -> new Line(breakpoint, at)).stream();
  }

  CompletableFuture<Void> lines(String path) {
    List<Line> here =
        active(IBreakpoint.class).stream()
            .flatMap(BreakpointRequests::line)
            .filter(line -> line.at().path().equals(path))
            .toList();
    SetBreakpointsArguments arguments = new SetBreakpointsArguments();
    Source source = new Source();
    source.setPath(path);
    source.setName(path.substring(path.lastIndexOf('/') + 1));
    arguments.setSource(source);
    arguments.setBreakpoints(
        here.stream().map(line -> sourceBreakpoint(line.at())).toArray(SourceBreakpoint[]::new));
    return target
        .server()
        .setBreakpoints(arguments)
        .thenAccept(
            answer ->
                answered(here.stream().map(Line::breakpoint).toList(), answer.getBreakpoints()));
  }

  private static SourceBreakpoint sourceBreakpoint(SourceLine at) {
    SourceBreakpoint breakpoint = new SourceBreakpoint();
    breakpoint.setLine(at.line());
    breakpoint.setCondition(at.condition());
    breakpoint.setHitCondition(at.hitCondition());
    breakpoint.setLogMessage(at.logMessage());
    return breakpoint;
  }

  CompletableFuture<Void> functions() {
    List<DapFunctionBreakpoint> all = active(DapFunctionBreakpoint.class);
    SetFunctionBreakpointsArguments arguments = new SetFunctionBreakpointsArguments();
    arguments.setBreakpoints(
        all.stream().map(BreakpointRequests::function).toArray(FunctionBreakpoint[]::new));
    return target
        .server()
        .setFunctionBreakpoints(arguments)
        .thenAccept(answer -> answered(all, answer.getBreakpoints()));
  }

  private static FunctionBreakpoint function(DapFunctionBreakpoint at) {
    FunctionBreakpoint breakpoint = new FunctionBreakpoint();
    breakpoint.setName(at.function());
    breakpoint.setCondition(at.conditionOrNull());
    breakpoint.setHitCondition(at.hitConditionOrNull());
    return breakpoint;
  }

  /** Filters of other adapters are left out. */
  CompletableFuture<Void> exceptions() {
    List<String> offered =
        Stream.of(target.capabilities().getExceptionBreakpointFilters())
            .map(filter -> filter.getFilter())
            .toList();
    List<DapExceptionBreakpoint> all =
        active(DapExceptionBreakpoint.class).stream()
            .filter(exception -> offered.contains(exception.filter()))
            .toList();
    SetExceptionBreakpointsArguments arguments = new SetExceptionBreakpointsArguments();
    if (DapTarget.offers(target.capabilities().getSupportsExceptionFilterOptions())) {
      arguments.setFilters(new String[0]);
      arguments.setFilterOptions(
          all.stream().map(BreakpointRequests::option).toArray(ExceptionFilterOptions[]::new));
    } else {
      arguments.setFilters(all.stream().map(DapExceptionBreakpoint::filter).toArray(String[]::new));
    }
    return target
        .server()
        .setExceptionBreakpoints(arguments)
        .thenAccept(answer -> answered(all, answer == null ? null : answer.getBreakpoints()));
  }

  private static ExceptionFilterOptions option(DapExceptionBreakpoint exception) {
    ExceptionFilterOptions option = new ExceptionFilterOptions();
    option.setFilterId(exception.filter());
    option.setCondition(exception.conditionOrNull());
    return option;
  }

  /** Those at addresses by a request of the adapter's own, where it has one. */
  CompletableFuture<Void> watchpoints() {
    boolean own = !target.startRequest().watchRequest().isEmpty();
    Map<Boolean, List<DapWatchpoint>> served =
        active(DapWatchpoint.class).stream()
            .collect(Collectors.partitioningBy(each -> own && each.data().isEmpty()));
    return serve(served.get(true))
        .handle(
            (done, failure) -> {
              if (failure != null) {
                served.get(true).forEach(each -> refused(each, Dap.message(failure)));
              }
              return watchpoints(served.get(false));
            })
        .thenCompose(Function.identity());
  }

  /** Nothing is asked where nothing was and nothing is. */
  private CompletableFuture<Void> serve(List<DapWatchpoint> all) {
    if (all.isEmpty() && !serves) {
      return CompletableFuture.completedFuture(null);
    }
    serves = true;
    return target
        .request(target.startRequest().watchRequest(), Served.asked(all))
        .thenAccept(answer -> breakpoints.served(all, Served.read(answer)));
  }

  /** The adapter first names each span of addresses; what it cannot name is told as not set. */
  private CompletableFuture<Void> watchpoints(List<DapWatchpoint> all) {
    List<CompletableFuture<Named>> named = all.stream().map(this::named).toList();
    return CompletableFuture.allOf(named.toArray(CompletableFuture[]::new))
        .thenCompose(
            done ->
                set(named.stream().map(CompletableFuture::join).filter(Named::isNamed).toList()));
  }

  private record Named(DapWatchpoint watchpoint, String data) {
    boolean isNamed() {
      return data != null;
    }
  }

  private CompletableFuture<Named> named(DapWatchpoint watchpoint) {
    if (watchpoint.data().isPresent()) {
      return CompletableFuture.completedFuture(new Named(watchpoint, watchpoint.data().get()));
    }
    if (!DapTarget.offers(target.capabilities().getSupportsDataBreakpointBytes())) {
      refused(watchpoint, "This debug adapter watches variables alone, no addresses.");
      return CompletableFuture.completedFuture(new Named(watchpoint, null));
    }
    DataBreakpointInfoArguments arguments = new DataBreakpointInfoArguments();
    arguments.setName("0x" + watchpoint.address().orElseThrow().toString(16));
    arguments.setAsAddress(true);
    arguments.setBytes(watchpoint.bytes());
    return target
        .server()
        .dataBreakpointInfo(arguments)
        .handle(
            (offer, refusal) -> {
              String data = offer == null ? null : offer.getDataId();
              if (data == null) {
                refused(watchpoint, offer == null ? Dap.message(refusal) : offer.getDescription());
              }
              return new Named(watchpoint, data);
            });
  }

  private void refused(DapWatchpoint watchpoint, String why) {
    Breakpoint answer = new Breakpoint();
    answer.setMessage(why);
    breakpoints.answered(List.of(watchpoint), new Breakpoint[] {answer});
  }

  private CompletableFuture<Void> set(List<Named> all) {
    List<DataBreakpoint> asked = new ArrayList<>();
    for (Named one : all) {
      DataBreakpoint breakpoint = new DataBreakpoint();
      breakpoint.setDataId(one.data());
      breakpoint.setAccessType(one.watchpoint().accessType());
      breakpoint.setCondition(one.watchpoint().conditionOrNull());
      breakpoint.setHitCondition(one.watchpoint().hitConditionOrNull());
      asked.add(breakpoint);
    }
    SetDataBreakpointsArguments arguments = new SetDataBreakpointsArguments();
    arguments.setBreakpoints(asked.toArray(DataBreakpoint[]::new));
    return target
        .server()
        .setDataBreakpoints(arguments)
        .thenAccept(
            answer ->
                answered(all.stream().map(Named::watchpoint).toList(), answer.getBreakpoints()));
  }

  /** Some adapters answer nothing. */
  private void answered(List<? extends IBreakpoint> sent, Breakpoint[] answer) {
    breakpoints.answered(sent, answer == null ? new Breakpoint[0] : answer);
  }
}
