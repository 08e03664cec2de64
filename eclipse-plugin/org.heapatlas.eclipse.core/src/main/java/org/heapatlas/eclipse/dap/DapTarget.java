package org.heapatlas.eclipse.dap;

import com.google.gson.JsonElement;
import java.math.BigInteger;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.core.resources.IMarkerDelta;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.debug.core.model.IDebugTarget;
import org.eclipse.debug.core.model.IMemoryBlock;
import org.eclipse.debug.core.model.IMemoryBlockExtension;
import org.eclipse.debug.core.model.IMemoryBlockRetrievalExtension;
import org.eclipse.debug.core.model.IProcess;
import org.eclipse.debug.core.model.IThread;
import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.DisconnectArguments;
import org.eclipse.lsp4j.debug.TerminateArguments;

/**
 * A session with an adapter, as the debug platform's target. Main entry: {@link #start}, called by
 * launch delegates. It ends with its adapter, whichever of the two is ended first.
 */
public final class DapTarget extends DapElement
    implements IDebugTarget, IMemoryBlockRetrievalExtension, TimeTravel {
  /** An adapter that seals a recording takes its time. */
  private static final long PATIENCE_SECONDS = 15;

  private final ILaunch launch;
  private final String name;
  private final StartRequest start;
  private final DapProcess process;
  private final DapConnection connection;
  private final DapThreads threads = new DapThreads(this);
  private final DapBreakpoints breakpoints = new DapBreakpoints(this);
  private final Beginning beginning = new Beginning(this);
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile Capabilities capabilities = new Capabilities();
  private volatile boolean disconnected;

  /** It was asked to end, or said that it does. */
  private volatile boolean leaving;

  private DapTarget(ILaunch launch, String name, StartRequest start, DapTransport transport) {
    super(null);
    this.launch = launch;
    this.name = name;
    this.start = start;
    this.process = new DapProcess(this, name);
    this.connection = new DapConnection(name, transport, new TargetEvents(this));
  }

  /**
   * Begins a session, and adds its target and process to the launch.
   *
   * @param name of the target, as the Debug view shows it
   * @return the target at once; {@link #ready} tells when the adapter has begun
   */
  public static DapTarget start(
      ILaunch launch, String name, StartRequest start, DapTransport transport) {
    DapTarget target = new DapTarget(launch, name, start, transport);
    launch.addDebugTarget(target);
    launch.addProcess(target.process);
    target.fireCreationEvent();
    target.connection.listen();
    target.beginning.run().whenComplete((done, failure) -> target.begun(failure));
    return target;
  }

  private void begun(Throwable failure) {
    if (failure == null) {
      ready.complete(null);
    } else {
      ready.completeExceptionally(failure);
      end();
    }
  }

  /** Done when the program runs or stands; failed, with the adapter's sentence, when it cannot. */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  DapConnection connection() {
    return connection;
  }

  DapThreads threads() {
    return threads;
  }

  /** The breakpoints of this session, and what its adapter makes of them. */
  public DapBreakpoints breakpoints() {
    return breakpoints;
  }

  public StartRequest startRequest() {
    return start;
  }

  /** What the adapter can do, as it last said. */
  public Capabilities capabilities() {
    return capabilities;
  }

  static boolean offers(Boolean capability) {
    return Boolean.TRUE.equals(capability);
  }

  void changeCapabilities(Capabilities offered) {
    if (offered != null) {
      capabilities = offered;
    }
  }

  void initialized() {
    beginning.initialized();
  }

  /** A request of the adapter's own; its answer as JSON. */
  public CompletableFuture<JsonElement> request(String command, Object arguments) {
    return connection.request(command, arguments);
  }

  /** No further message comes from the adapter. */
  void adapterEnded() {
    if (!leaving && !process.hasExited() && ready.isDone() && !ready.isCompletedExceptionally()) {
      process.left();
    }
    end();
  }

  /** The session is over, whoever ended it. */
  void end() {
    if (ended.compareAndSet(false, true)) {
      process.ended();
      beginning.ended();
      breakpoints.end();
      threads.clear();
      connection.close();
      endBeginning();
      fireTerminateEvent();
    }
  }

  /** A program may be over before the adapter has answered all that begins a session. */
  private void endBeginning() {
    if (process.hasExited()) {
      ready.complete(null);
    } else {
      ready.completeExceptionally(
          new IllegalStateException("The debug adapter ended before the session had begun."));
    }
  }

  @Override
  public void terminate() {
    leaving = true;
    boolean withProgram = start.kind() == StartRequest.Kind.LAUNCH;
    if (withProgram && offers(capabilities.getSupportsTerminateRequest())) {
      connection.server().terminate(new TerminateArguments()).exceptionally(this::leaveAtOnce);
      CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .execute(() -> leave(true));
    } else {
      leave(withProgram);
    }
  }

  @Override
  public void disconnect() {
    disconnected = true;
    leave(false);
  }

  private Void leaveAtOnce(Throwable refusal) {
    leave(true);
    return null;
  }

  /** Leaves the adapter, which has some seconds to answer. */
  void leave(boolean withProgram) {
    leaving = true;
    if (ended.get()) {
      return;
    }
    DisconnectArguments arguments = new DisconnectArguments();
    if (offers(capabilities.getSupportTerminateDebuggee())) {
      arguments.setTerminateDebuggee(withProgram);
    }
    connection
        .server()
        .disconnect(arguments)
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .whenComplete((answer, failure) -> end());
  }

  @Override
  public boolean canTerminate() {
    return !ended.get();
  }

  @Override
  public boolean isTerminated() {
    return ended.get();
  }

  @Override
  public boolean canDisconnect() {
    return !ended.get();
  }

  @Override
  public boolean isDisconnected() {
    return disconnected && ended.get();
  }

  @Override
  public boolean canResume() {
    return threads.any().filter(DapThread::canResume).isPresent();
  }

  @Override
  public boolean canSuspend() {
    return threads.any().filter(DapThread::canSuspend).isPresent();
  }

  @Override
  public boolean isSuspended() {
    return threads.any().filter(DapThread::isSuspended).isPresent();
  }

  @Override
  public void resume() {
    threads.any().ifPresent(DapThread::resume);
  }

  @Override
  public void suspend() {
    threads.any().ifPresent(DapThread::suspend);
  }

  @Override
  public boolean canGoBack() {
    return threads.any().filter(DapThread::canGoBack).isPresent();
  }

  @Override
  public void stepBack() {
    threads.any().ifPresent(DapThread::stepBack);
  }

  @Override
  public void reverseResume() {
    threads.any().ifPresent(DapThread::reverseResume);
  }

  @Override
  public IThread[] getThreads() {
    return threads.all().toArray(IThread[]::new);
  }

  @Override
  public boolean hasThreads() {
    return !threads.all().isEmpty();
  }

  @Override
  public IProcess getProcess() {
    return process;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public IDebugTarget getDebugTarget() {
    return this;
  }

  @Override
  public ILaunch getLaunch() {
    return launch;
  }

  @Override
  public boolean supportsBreakpoint(IBreakpoint breakpoint) {
    return DapBreakpoints.isOurs(breakpoint);
  }

  @Override
  public void breakpointAdded(IBreakpoint breakpoint) {
    breakpoints.breakpointAdded(breakpoint);
  }

  @Override
  public void breakpointRemoved(IBreakpoint breakpoint, IMarkerDelta delta) {
    breakpoints.breakpointRemoved(breakpoint, delta);
  }

  @Override
  public void breakpointChanged(IBreakpoint breakpoint, IMarkerDelta delta) {
    breakpoints.breakpointChanged(breakpoint, delta);
  }

  @Override
  public boolean supportsStorageRetrieval() {
    return offers(capabilities.getSupportsReadMemoryRequest());
  }

  @Override
  public IMemoryBlock getMemoryBlock(long address, long bytes) {
    return new DapMemory(this, "0x" + Long.toHexString(address), BigInteger.valueOf(address));
  }

  @Override
  public IMemoryBlockExtension getExtendedMemoryBlock(String expression, Object context)
      throws DebugException {
    return DapMemory.at(this, expression, context);
  }
}
