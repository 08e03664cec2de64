package org.heapatlas.eclipse.dap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.debug.core.model.IStackFrame;
import org.eclipse.debug.core.model.IThread;
import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.NextArguments;
import org.eclipse.lsp4j.debug.PauseArguments;
import org.eclipse.lsp4j.debug.ReverseContinueArguments;
import org.eclipse.lsp4j.debug.StepBackArguments;
import org.eclipse.lsp4j.debug.StepInArguments;
import org.eclipse.lsp4j.debug.StepOutArguments;

/** A thread. It is told to run before it does, and stands again when the adapter refuses. */
public final class DapThread extends DapElement implements IThread, TimeTravel {
  private final int id;
  private final Stack stack = new Stack(this);
  private volatile String name = "";
  private volatile Stop stop;
  private volatile boolean stepping;
  private volatile boolean ended;

  DapThread(DapTarget target, int id) {
    super(target);
    this.id = id;
  }

  /** The adapter's number of it. */
  public int id() {
    return id;
  }

  void rename(String now) {
    if (!now.equals(name)) {
      name = now;
      fireChangeEvent(DebugEvent.STATE);
    }
  }

  /** The frames, innermost first; asked for once a stop. */
  public CompletableFuture<List<DapFrame>> frames() {
    return stop == null ? CompletableFuture.completedFuture(List.of()) : stack.frames();
  }

  /** The number of the frame in which it stands, once that is known. */
  Optional<Integer> innermost() {
    return stop == null ? Optional.empty() : stack.innermost();
  }

  CompletableFuture<Void> stopped(Stop why) {
    standStill(why);
    return stack
        .frames()
        .handle(
            (frames, failure) -> {
              Dap.log("Reading the stack", failure);
              fireSuspendEvent(why.detail());
              return null;
            });
  }

  void standStill(Stop why) {
    boolean ran = stop == null;
    stack.forget();
    stepping = false;
    stop = why;
    if (ran && why == Stop.WITH_OTHERS) {
      fireSuspendEvent(why.detail());
    }
  }

  void running(int detail) {
    if (stop != null) {
      stop = null;
      stepping =
          (detail & (DebugEvent.STEP_INTO | DebugEvent.STEP_OVER | DebugEvent.STEP_RETURN)) != 0;
      stack.forget();
      fireResumeEvent(detail);
    }
  }

  void forget() {
    stack.forget();
  }

  void forgetVariables() {
    stack.forgetVariables();
  }

  void ended() {
    ended = true;
    stop = null;
    fireTerminateEvent();
  }

  /** Tells the platform that it runs, and takes that back when the request was refused. */
  private void run(int detail, String what, Supplier<CompletableFuture<?>> request) {
    Map<DapThread, Stop> before = target().threads().standing();
    target().threads().continued(id, true, detail);
    request
        .get()
        .whenComplete(
            (done, failure) -> {
              if (failure != null && !ended && stop == null) {
                refused(what, failure);
                before.forEach(DapThread::standAgain);
              }
            });
  }

  private void refused(String what, Throwable failure) {
    Dap.log(what, failure);
    ((DapProcess) target().getProcess()).say(what + ": " + Dap.message(failure) + "\n");
  }

  /** It was told to run, and did not. */
  private void standAgain(Stop why) {
    if (ended || stop != null) {
      return;
    }
    if (why == Stop.WITH_OTHERS) {
      standStill(why);
    } else {
      stopped(why);
    }
  }

  /** Why it stands; empty while it runs. */
  Optional<Stop> stop() {
    return Optional.ofNullable(stop);
  }

  @Override
  public void resume() {
    ContinueArguments arguments = new ContinueArguments();
    arguments.setThreadId(id);
    run(DebugEvent.CLIENT_REQUEST, "Resume", () -> server().continue_(arguments));
  }

  @Override
  public void suspend() {
    PauseArguments arguments = new PauseArguments();
    arguments.setThreadId(id);
    server()
        .pause(arguments)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                refused("Suspend", failure);
              }
            });
  }

  @Override
  public void stepInto() {
    StepInArguments arguments = new StepInArguments();
    arguments.setThreadId(id);
    run(DebugEvent.STEP_INTO, "Step into", () -> server().stepIn(arguments));
  }

  @Override
  public void stepOver() {
    NextArguments arguments = new NextArguments();
    arguments.setThreadId(id);
    run(DebugEvent.STEP_OVER, "Step over", () -> server().next(arguments));
  }

  @Override
  public void stepReturn() {
    StepOutArguments arguments = new StepOutArguments();
    arguments.setThreadId(id);
    run(DebugEvent.STEP_RETURN, "Step return", () -> server().stepOut(arguments));
  }

  @Override
  public void stepBack() {
    StepBackArguments arguments = new StepBackArguments();
    arguments.setThreadId(id);
    run(DebugEvent.STEP_OVER, "Step back", () -> server().stepBack(arguments));
  }

  @Override
  public void reverseResume() {
    ReverseContinueArguments arguments = new ReverseContinueArguments();
    arguments.setThreadId(id);
    run(DebugEvent.CLIENT_REQUEST, "Reverse resume", () -> server().reverseContinue(arguments));
  }

  @Override
  public boolean canGoBack() {
    return isSuspended() && DapTarget.offers(target().capabilities().getSupportsStepBack());
  }

  @Override
  public boolean canResume() {
    return isSuspended();
  }

  @Override
  public boolean canSuspend() {
    return !isSuspended() && !isTerminated();
  }

  @Override
  public boolean isSuspended() {
    return stop != null;
  }

  @Override
  public boolean canStepInto() {
    return isSuspended();
  }

  @Override
  public boolean canStepOver() {
    return isSuspended();
  }

  @Override
  public boolean canStepReturn() {
    return isSuspended();
  }

  @Override
  public boolean isStepping() {
    return stepping;
  }

  @Override
  public boolean canTerminate() {
    return target().canTerminate();
  }

  @Override
  public boolean isTerminated() {
    return ended || target().isTerminated();
  }

  @Override
  public void terminate() {
    target().terminate();
  }

  @Override
  public IStackFrame[] getStackFrames() throws DebugException {
    return known(frames(), List.<DapFrame>of(), "Reading the stack").toArray(IStackFrame[]::new);
  }

  @Override
  public boolean hasStackFrames() {
    return isSuspended();
  }

  @Override
  public IStackFrame getTopStackFrame() throws DebugException {
    IStackFrame[] frames = getStackFrames();
    return frames.length == 0 ? null : frames[0];
  }

  @Override
  public int getPriority() {
    return 0;
  }

  @Override
  public String getName() {
    return name;
  }

  /**
   * Why it stands, in the adapter's words; empty while it runs, or stands because another one does.
   */
  public String description() {
    Stop now = stop;
    return now == null ? "" : now.description();
  }

  @Override
  public IBreakpoint[] getBreakpoints() {
    Stop now = stop;
    return now == null ? new IBreakpoint[0] : now.breakpoints().toArray(IBreakpoint[]::new);
  }
}
