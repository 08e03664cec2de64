package org.heapatlas.eclipse.dap;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.core.runtime.PlatformObject;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.model.IProcess;
import org.eclipse.debug.core.model.IStreamMonitor;
import org.eclipse.debug.core.model.IStreamsProxy;
import org.eclipse.lsp4j.debug.EvaluateArguments;
import org.eclipse.lsp4j.debug.EvaluateResponse;
import org.eclipse.lsp4j.debug.OutputEventArguments;
import org.eclipse.lsp4j.debug.OutputEventArgumentsCategory;
import org.eclipse.lsp4j.debug.ProcessEventArguments;

/**
 * The program of a session as the platform's process: its console shows what the adapter prints,
 * and each line that is typed there is evaluated, as in the adapter's own console.
 */
public final class DapProcess extends PlatformObject implements IProcess, IStreamsProxy {
  private final DapTarget target;
  private final Map<String, String> attributes = new ConcurrentHashMap<>();
  private final OutputStreamMonitor output = new OutputStreamMonitor();
  private final OutputStreamMonitor errors = new OutputStreamMonitor();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile String label;
  private volatile int exitValue;
  private volatile boolean exited;

  /** Of this machine; 0 where there is none, or it is not known. */
  private volatile long pid;

  DapProcess(DapTarget target, String label) {
    this.target = target;
    this.label = label;
  }

  void started(ProcessEventArguments started) {
    label = started.getName();
    if (started.getSystemProcessId() != null) {
      setAttribute(ATTR_PROCESS_ID, started.getSystemProcessId().toString());
      pid = Boolean.TRUE.equals(started.getIsLocalProcess()) ? started.getSystemProcessId() : 0;
    }
    fire(DebugEvent.CHANGE);
  }

  void output(OutputEventArguments event) {
    String category = event.getCategory();
    if (OutputEventArgumentsCategory.TELEMETRY.equals(category)) {
      return;
    }
    (OutputEventArgumentsCategory.STDERR.equals(category) ? errors : output)
        .append(event.getOutput());
  }

  /** Into the console, as from the adapter. */
  void say(String words) {
    errors.append(words);
  }

  /** The adapter ended, and nobody had asked it to. */
  void left() {
    boolean goesOn = pid > 0 && ProcessHandle.of(pid).isPresent();
    say(
        "The debug adapter ended in the middle of the session; launch it again."
            + (goesOn ? " The program, process %d, goes on without it.%n".formatted(pid) : "\n"));
  }

  void exited(int status) {
    exitValue = status;
    exited = true;
  }

  /** Whether the program itself is over, as the adapter said. */
  boolean hasExited() {
    return exited;
  }

  void ended() {
    if (ended.compareAndSet(false, true)) {
      fire(DebugEvent.TERMINATE);
    }
  }

  private void fire(int kind) {
    DebugPlugin.getDefault().fireDebugEventSet(new DebugEvent[] {new DebugEvent(this, kind)});
  }

  /** Typed words, which the adapter evaluates; its answer, or refusal, is printed. */
  @Override
  public void write(String typed) {
    String line = typed.strip();
    if (!line.isEmpty()) {
      EvaluateArguments arguments = new EvaluateArguments();
      arguments.setExpression(line);
      arguments.setContext("repl");
      target.threads().any().flatMap(DapThread::innermost).ifPresent(arguments::setFrameId);
      target.server().evaluate(arguments).whenComplete(this::answered);
    }
  }

  private void answered(EvaluateResponse answer, Throwable refusal) {
    if (refusal != null) {
      errors.append(Dap.message(refusal) + "\n");
    } else if (answer.getResult() != null && !answer.getResult().isEmpty()) {
      output.append(answer.getResult() + "\n");
    }
  }

  @Override
  public IStreamMonitor getOutputStreamMonitor() {
    return output;
  }

  @Override
  public IStreamMonitor getErrorStreamMonitor() {
    return errors;
  }

  @Override
  public IStreamsProxy getStreamsProxy() {
    return this;
  }

  @Override
  public String getLabel() {
    return label;
  }

  @Override
  public ILaunch getLaunch() {
    return target.getLaunch();
  }

  @Override
  public void setAttribute(String key, String value) {
    if (value == null) {
      attributes.remove(key);
    } else {
      attributes.put(key, value);
    }
  }

  @Override
  public String getAttribute(String key) {
    return attributes.get(key);
  }

  @Override
  public int getExitValue() throws DebugException {
    if (!isTerminated()) {
      throw Dap.exception(label, new IllegalStateException("It has not ended yet."));
    }
    return exitValue;
  }

  @Override
  public boolean canTerminate() {
    return target.canTerminate();
  }

  @Override
  public boolean isTerminated() {
    return ended.get();
  }

  @Override
  public void terminate() {
    target.terminate();
  }

  @Override
  public <T> T getAdapter(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    return type.isInstance(target) ? type.cast(target) : super.getAdapter(type);
  }
}
