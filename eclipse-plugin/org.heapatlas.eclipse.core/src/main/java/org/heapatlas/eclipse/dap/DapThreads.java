package org.heapatlas.eclipse.dap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.ThreadEventArguments;
import org.eclipse.lsp4j.debug.ThreadEventArgumentsReason;
import org.eclipse.lsp4j.debug.ThreadsResponse;

/**
 * The threads of a session by the adapter's numbers. A stop is told to the platform once the list
 * and the stopped thread's stack are known, so that whoever hears of it finds them.
 */
final class DapThreads {
  private final DapTarget target;
  private final Map<Integer, DapThread> threads = new ConcurrentSkipListMap<>();

  DapThreads(DapTarget target) {
    this.target = target;
  }

  List<DapThread> all() {
    return List.copyOf(threads.values());
  }

  /** One that stands, if any does. */
  Optional<DapThread> any() {
    List<DapThread> all = all();
    return all.stream()
        .filter(DapThread::isSuspended)
        .findFirst()
        .or(() -> all.stream().findFirst());
  }

  CompletableFuture<Void> refresh() {
    return target.server().threads().thenAccept(this::replace);
  }

  private void replace(ThreadsResponse answer) {
    Set<Integer> present =
        Arrays.stream(answer.getThreads())
            .map(org.eclipse.lsp4j.debug.Thread::getId)
            .collect(Collectors.toSet());
    for (DapThread thread : all()) {
      if (!present.contains(thread.id())) {
        remove(thread.id());
      }
    }
    for (org.eclipse.lsp4j.debug.Thread thread : answer.getThreads()) {
      of(thread.getId()).rename(thread.getName());
    }
  }

  private DapThread of(int id) {
    DapThread known = threads.get(id);
    if (known != null) {
      return known;
    }
    DapThread thread = new DapThread(target, id);
    threads.put(id, thread);
    thread.fireCreationEvent();
    return thread;
  }

  private void remove(int id) {
    DapThread thread = threads.remove(id);
    if (thread != null) {
      thread.ended();
    }
  }

  void clear() {
    all().forEach(thread -> remove(thread.id()));
  }

  void changed(ThreadEventArguments event) {
    if (ThreadEventArgumentsReason.EXITED.equals(event.getReason())) {
      remove(event.getThreadId());
    } else {
      refresh().whenComplete((done, failure) -> Dap.log("Listing the threads", failure));
    }
  }

  void stopped(StoppedEventArguments stop) {
    refresh()
        .thenCompose(listed -> suspend(stop))
        .whenComplete((done, failure) -> Dap.log("Showing where the program stands", failure));
  }

  private CompletableFuture<Void> suspend(StoppedEventArguments stop) {
    List<DapThread> stopping = new ArrayList<>();
    if (stop.getThreadId() == null || DapTarget.offers(stop.getAllThreadsStopped())) {
      stopping.addAll(all());
    }
    Optional<DapThread> cause =
        stop.getThreadId() == null ? any() : Optional.of(of(stop.getThreadId()));
    cause.ifPresent(stopping::remove);
    stopping.forEach(thread -> thread.standStill(Stop.WITH_OTHERS));
    return cause
        .map(thread -> thread.stopped(Stop.of(stop, target.breakpoints())))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  /** Those that stand, and why. */
  Map<DapThread, Stop> standing() {
    Map<DapThread, Stop> standing = new LinkedHashMap<>();
    for (DapThread thread : all()) {
      thread.stop().ifPresent(why -> standing.put(thread, why));
    }
    return standing;
  }

  void continued(int threadId, boolean all, int detail) {
    for (DapThread thread : all()) {
      if (all || thread.id() == threadId) {
        thread.running(detail);
      }
    }
  }

  void invalidated(Integer threadId, boolean stacks) {
    for (DapThread thread : all()) {
      if (thread.isSuspended() && (threadId == null || thread.id() == threadId)) {
        if (stacks) {
          thread.forget();
        } else {
          thread.forgetVariables();
        }
        thread.fireChangeEvent(DebugEvent.CONTENT);
      }
    }
  }
}
