package org.heapatlas.eclipse.dap;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.lsp4j.debug.BreakpointEventArguments;
import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.CapabilitiesEventArguments;
import org.eclipse.lsp4j.debug.ContinuedEventArguments;
import org.eclipse.lsp4j.debug.ExitedEventArguments;
import org.eclipse.lsp4j.debug.InvalidatedEventArguments;
import org.eclipse.lsp4j.debug.MemoryEventArguments;
import org.eclipse.lsp4j.debug.OutputEventArguments;
import org.eclipse.lsp4j.debug.ProcessEventArguments;
import org.eclipse.lsp4j.debug.ProgressEndEventArguments;
import org.eclipse.lsp4j.debug.ProgressStartEventArguments;
import org.eclipse.lsp4j.debug.ProgressUpdateEventArguments;
import org.eclipse.lsp4j.debug.RunInTerminalRequestArguments;
import org.eclipse.lsp4j.debug.RunInTerminalResponse;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.TerminatedEventArguments;
import org.eclipse.lsp4j.debug.ThreadEventArguments;

/** Hands an adapter's events to the part of the target that each is for, on the reader's thread. */
final class TargetEvents implements DapEvents {
  private static final List<String> STACK_AREAS = List.of("all", "threads", "stacks");

  private final DapTarget target;
  private final DapProgress progress;

  TargetEvents(DapTarget target) {
    this.target = target;
    this.progress = new DapProgress(target);
  }

  @Override
  public void initialized() {
    target.initialized();
  }

  @Override
  public void stopped(StoppedEventArguments stopped) {
    target.threads().stopped(stopped);
  }

  @Override
  public void continued(ContinuedEventArguments continued) {
    boolean all = !Boolean.FALSE.equals(continued.getAllThreadsContinued());
    target.threads().continued(continued.getThreadId(), all, DebugEvent.CLIENT_REQUEST);
  }

  @Override
  public void thread(ThreadEventArguments thread) {
    target.threads().changed(thread);
  }

  @Override
  public void exited(ExitedEventArguments exited) {
    process().exited(exited.getExitCode());
  }

  @Override
  public void terminated(TerminatedEventArguments terminated) {
    target.leave(false);
  }

  @Override
  public void process(ProcessEventArguments started) {
    process().started(started);
  }

  @Override
  public void output(OutputEventArguments output) {
    process().output(output);
  }

  @Override
  public void breakpoint(BreakpointEventArguments changed) {
    target.breakpoints().changed(changed.getBreakpoint());
  }

  @Override
  public void capabilities(CapabilitiesEventArguments changed) {
    Capabilities merged = Merged.capabilities(target.capabilities(), changed.getCapabilities());
    target.changeCapabilities(merged);
    target.fireChangeEvent(DebugEvent.STATE);
  }

  @Override
  public void progressStart(ProgressStartEventArguments begun) {
    progress.begin(begun);
  }

  @Override
  public void progressUpdate(ProgressUpdateEventArguments update) {
    progress.update(update);
  }

  @Override
  public void progressEnd(ProgressEndEventArguments ended) {
    progress.end(ended);
  }

  @Override
  public void invalidated(InvalidatedEventArguments invalidated) {
    String[] areas = invalidated.getAreas();
    boolean stacks =
        areas == null || areas.length == 0 || Arrays.stream(areas).anyMatch(STACK_AREAS::contains);
    target.threads().invalidated(invalidated.getThreadId(), stacks);
  }

  @Override
  public void memory(MemoryEventArguments changed) {
    DapMemory.changed(target);
  }

  @Override
  public CompletableFuture<RunInTerminalResponse> runInTerminal(
      RunInTerminalRequestArguments program) {
    return TerminalProgram.run(target, program);
  }

  @Override
  public void ended() {
    progress.endAll();
    target.adapterEnded();
  }

  private DapProcess process() {
    return (DapProcess) target.getProcess();
  }
}
