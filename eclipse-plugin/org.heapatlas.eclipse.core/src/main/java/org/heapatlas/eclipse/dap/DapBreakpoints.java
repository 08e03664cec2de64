package org.heapatlas.eclipse.dap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IMarkerDelta;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.IBreakpointListener;
import org.eclipse.debug.core.IBreakpointManager;
import org.eclipse.debug.core.IBreakpointManagerListener;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.Capabilities;

/**
 * The workspace's breakpoints as one session's adapter has them. The protocol replaces whole lists:
 * all of a file, all functions, all filters, all watchpoints. Lists are sent one after the other,
 * so that the last one sent is the last one that the adapter sees.
 */
public final class DapBreakpoints implements IBreakpointListener, IBreakpointManagerListener {
  private final DapTarget target;
  private final BreakpointRequests requests;
  private final Map<IBreakpoint, Breakpoint> answers = new ConcurrentHashMap<>();
  private final Map<DapWatchpoint, Served> served = new ConcurrentHashMap<>();
  private final Set<String> files = new HashSet<>();
  private CompletableFuture<Void> queue = CompletableFuture.completedFuture(null);
  private volatile boolean begun;

  DapBreakpoints(DapTarget target) {
    this.target = target;
    this.requests = new BreakpointRequests(target, this);
  }

  /** Whether sessions set it: one of this model, or a line breakpoint of C or C++ tools. */
  static boolean isOurs(IBreakpoint breakpoint) {
    return breakpoint.getModelIdentifier().equals(Dap.MODEL)
        || SourceLine.of(breakpoint).isPresent();
  }

  private static IBreakpointManager manager() {
    return DebugPlugin.getDefault().getBreakpointManager();
  }

  static List<IBreakpoint> all() {
    return Arrays.stream(manager().getBreakpoints()).filter(DapBreakpoints::isOurs).toList();
  }

  /**
   * Sends all there are, and from then on what changes. Not on the reader: markers may wait for a
   * lock.
   */
  CompletableFuture<Void> begin() {
    return CompletableFuture.runAsync(
            () -> {
              DapExceptionBreakpoint.offer(target.capabilities(), all());
              manager().addBreakpointListener(this);
              manager().addBreakpointManagerListener(this);
              begun = true;
            })
        .thenCompose(listening -> sendAll());
  }

  void end() {
    begun = false;
    manager().removeBreakpointListener(this);
    manager().removeBreakpointManagerListener(this);
    answers.clear();
    served.clear();
  }

  private CompletableFuture<Void> sendAll() {
    Capabilities can = target.capabilities();
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    for (String file : filesToSend()) {
      sent.add(enqueue(() -> requests.lines(file)));
    }
    if (DapTarget.offers(can.getSupportsFunctionBreakpoints())) {
      sent.add(enqueue(requests::functions));
    }
    if (can.getExceptionBreakpointFilters() != null
        && can.getExceptionBreakpointFilters().length > 0) {
      sent.add(enqueue(requests::exceptions));
    }
    if (DapTarget.offers(can.getSupportsDataBreakpoints())) {
      sent.add(enqueue(requests::watchpoints));
    }
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
  }

  /** Those with breakpoints, and those that had some. */
  private synchronized List<String> filesToSend() {
    all().stream()
        .map(SourceLine::of)
        .flatMap(Optional::stream)
        .map(SourceLine::path)
        .forEach(files::add);
    return List.copyOf(files);
  }

  private synchronized CompletableFuture<Void> enqueue(Supplier<CompletableFuture<Void>> request) {
    queue =
        queue
            .handle((done, failure) -> null)
            .thenCompose(before -> request.get())
            .exceptionally(
                refusal -> {
                  Dap.log("Setting breakpoints", refusal);
                  return null;
                });
    return queue;
  }

  private void send(IBreakpoint breakpoint) {
    if (!begun || !isOurs(breakpoint)) {
      return;
    }
    switch (breakpoint) {
      case DapFunctionBreakpoint function -> enqueue(requests::functions);
      case DapExceptionBreakpoint exception -> enqueue(requests::exceptions);
      case DapWatchpoint watchpoint -> enqueue(requests::watchpoints);
      default -> filesToSend().forEach(file -> enqueue(() -> requests.lines(file)));
    }
  }

  void answered(List<? extends IBreakpoint> sent, Breakpoint[] answer) {
    for (int i = 0; i < Math.min(sent.size(), answer.length); i++) {
      if (answer[i] != null) {
        answers.put(sent.get(i), answer[i]);
      }
    }
    target.fireChangeEvent(DebugEvent.STATE);
  }

  void served(List<DapWatchpoint> asked, List<Served> said) {
    for (int i = 0; i < Math.min(asked.size(), said.size()); i++) {
      served.put(asked.get(i), said.get(i));
    }
    answered(asked, said.stream().map(Served::set).toArray(Breakpoint[]::new));
  }

  /** What serves a watchpoint; empty where the adapter has not said. */
  public Optional<Served> service(DapWatchpoint watchpoint) {
    return Optional.ofNullable(served.get(watchpoint));
  }

  void changed(Breakpoint now) {
    find(now.getId()).ifPresent(breakpoint -> answers.put(breakpoint, now));
  }

  private Optional<IBreakpoint> find(Integer id) {
    return answers.entrySet().stream()
        .filter(answer -> id != null && Objects.equals(answer.getValue().getId(), id))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  List<IBreakpoint> of(Collection<Integer> ids) {
    return ids.stream().map(this::find).flatMap(Optional::stream).toList();
  }

  /** Why the adapter has not set it; empty when it has, or was not asked. */
  public Optional<String> problem(IBreakpoint breakpoint) {
    return Optional.ofNullable(answers.get(breakpoint))
        .filter(answer -> !answer.isVerified())
        .map(answer -> Objects.toString(answer.getMessage(), "The adapter has not set it yet."));
  }

  /** Whether the adapter says that it has set it. */
  public boolean isVerified(IBreakpoint breakpoint) {
    Breakpoint answer = answers.get(breakpoint);
    return answer != null && answer.isVerified();
  }

  /** Enabled, and not skipped with all others. */
  static boolean isActive(IBreakpoint breakpoint) {
    try {
      return manager().isEnabled() && breakpoint.isEnabled();
    } catch (CoreException e) {
      // Its marker is gone, as that of a deleted file.
      Dap.log("Reading a breakpoint", e);
      return false;
    }
  }

  @Override
  public void breakpointAdded(IBreakpoint breakpoint) {
    send(breakpoint);
  }

  @Override
  public void breakpointRemoved(IBreakpoint breakpoint, IMarkerDelta delta) {
    answers.remove(breakpoint);
    if (breakpoint instanceof DapWatchpoint watchpoint) {
      served.remove(watchpoint);
    }
    send(breakpoint);
  }

  /** Hit counts and the like change markers too, and mean nothing here. */
  @Override
  public void breakpointChanged(IBreakpoint breakpoint, IMarkerDelta delta) {
    IMarker marker = breakpoint.getMarker();
    if (delta == null || marker == null || differ(marker, delta)) {
      send(breakpoint);
    }
  }

  private static boolean differ(IMarker now, IMarkerDelta before) {
    try {
      return !Objects.equals(now.getAttributes(), before.getAttributes());
    } catch (CoreException e) {
      // It is being deleted, which comes as an event of its own.
      Dap.log("Reading a breakpoint", e);
      return false;
    }
  }

  @Override
  public void breakpointManagerEnablementChanged(boolean enabled) {
    if (begun) {
      sendAll();
    }
  }
}
