package org.heapatlas.eclipse.dap;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.IRegisterGroup;
import org.eclipse.debug.core.model.IStackFrame;
import org.eclipse.debug.core.model.IThread;
import org.eclipse.debug.core.model.IVariable;
import org.eclipse.lsp4j.debug.EvaluateArguments;
import org.eclipse.lsp4j.debug.EvaluateResponse;
import org.eclipse.lsp4j.debug.Scope;
import org.eclipse.lsp4j.debug.ScopesArguments;
import org.eclipse.lsp4j.debug.Source;
import org.eclipse.lsp4j.debug.StackFrame;

/**
 * A frame. Its scopes are groups among its variables, but for the local ones, which stand on their
 * own, and the registers, which have a view of theirs.
 */
public final class DapFrame extends DapElement implements IStackFrame, TimeTravel {
  private static final String REGISTERS = "registers";

  private final DapThread thread;
  private final ValueLog values = new ValueLog();
  private volatile StackFrame data = new StackFrame();
  private CompletableFuture<List<DapVariable>> scopes;

  DapFrame(DapThread thread) {
    super(thread.target());
    this.thread = thread;
  }

  synchronized void update(StackFrame now) {
    data = now;
    values.next();
    scopes = null;
  }

  synchronized void forget() {
    scopes = null;
  }

  boolean isSameFunction(StackFrame other) {
    return Objects.equals(data.getName(), other.getName())
        && Objects.equals(path(data.getSource()), path(other.getSource()));
  }

  private static String path(Source source) {
    return source == null ? null : source.getPath();
  }

  /** The adapter's number of it, until its thread runs again. */
  public int id() {
    return data.getId();
  }

  /** Where its code is from; empty where nobody knows. */
  public Optional<Source> source() {
    return Optional.ofNullable(data.getSource());
  }

  /** The address of its next instruction; empty where the adapter does not say. */
  public Optional<BigInteger> instruction() {
    return DapMemory.address(data.getInstructionPointerReference());
  }

  /** As the adapter takes it in a disassembly; null where it has none. */
  String instructionReference() {
    return data.getInstructionPointerReference();
  }

  private synchronized CompletableFuture<List<DapVariable>> scopes() {
    if (scopes == null) {
      ScopesArguments arguments = new ScopesArguments();
      arguments.setFrameId(data.getId());
      scopes =
          server()
              .scopes(arguments)
              .thenApply(answer -> Arrays.stream(answer.getScopes()).map(this::group).toList());
    }
    return scopes;
  }

  private DapVariable group(Scope scope) {
    return DapVariable.ofScope(this, scope, values);
  }

  /** What a reader of this frame sees first: local variables, and a group for each other scope. */
  public CompletableFuture<List<DapVariable>> variables() {
    return scopes()
        .thenCompose(
            groups -> {
              List<CompletableFuture<List<DapVariable>>> parts =
                  groups.stream()
                      .filter(group -> !group.hasHint(REGISTERS))
                      .map(group -> isLocal(group) ? group.value().children() : alone(group))
                      .toList();
              return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                  .thenApply(all -> parts.stream().flatMap(part -> part.join().stream()).toList());
            });
  }

  private static boolean isLocal(DapVariable group) {
    return Stream.of("locals", "arguments").anyMatch(group::hasHint);
  }

  private static CompletableFuture<List<DapVariable>> alone(DapVariable group) {
    return CompletableFuture.completedFuture(List.of(group));
  }

  /**
   * Evaluates an expression here.
   *
   * @param context as the protocol names it: watch, hover, repl
   */
  public CompletableFuture<EvaluateResponse> evaluate(String expression, String context) {
    EvaluateArguments arguments = new EvaluateArguments();
    arguments.setExpression(expression);
    arguments.setFrameId(id());
    arguments.setContext(context);
    return server().evaluate(arguments);
  }

  /** The same as a value of the model, whose variable has the expression for its name. */
  public CompletableFuture<DapVariable> watch(String expression) {
    return evaluate(expression, "watch")
        .thenApply(answer -> DapVariable.ofResult(this, expression, answer, values));
  }

  @Override
  public IThread getThread() {
    return thread;
  }

  @Override
  public IVariable[] getVariables() throws DebugException {
    return known(variables(), List.<DapVariable>of(), "Reading variables")
        .toArray(IVariable[]::new);
  }

  @Override
  public boolean hasVariables() {
    return isSuspended();
  }

  @Override
  public int getLineNumber() {
    return data.getSource() == null || data.getLine() == 0 ? -1 : data.getLine();
  }

  @Override
  public int getCharStart() {
    return -1;
  }

  @Override
  public int getCharEnd() {
    return -1;
  }

  @Override
  public String getName() {
    return data.getName();
  }

  @Override
  public IRegisterGroup[] getRegisterGroups() throws DebugException {
    return known(scopes(), List.<DapVariable>of(), "Reading registers").stream()
        .filter(group -> group.hasHint(REGISTERS))
        .map(group -> new DapRegisters(target(), group))
        .toArray(IRegisterGroup[]::new);
  }

  @Override
  public boolean hasRegisterGroups() throws DebugException {
    return getRegisterGroups().length > 0;
  }

  @Override
  public boolean canStepInto() {
    return thread.canStepInto();
  }

  @Override
  public boolean canStepOver() {
    return thread.canStepOver();
  }

  @Override
  public boolean canStepReturn() {
    return thread.canStepReturn();
  }

  @Override
  public boolean isStepping() {
    return thread.isStepping();
  }

  @Override
  public void stepInto() {
    thread.stepInto();
  }

  @Override
  public void stepOver() {
    thread.stepOver();
  }

  @Override
  public void stepReturn() {
    thread.stepReturn();
  }

  @Override
  public boolean canGoBack() {
    return thread.canGoBack();
  }

  @Override
  public void stepBack() {
    thread.stepBack();
  }

  @Override
  public void reverseResume() {
    thread.reverseResume();
  }

  @Override
  public boolean canResume() {
    return thread.canResume();
  }

  @Override
  public boolean canSuspend() {
    return thread.canSuspend();
  }

  @Override
  public boolean isSuspended() {
    return thread.isSuspended();
  }

  @Override
  public void resume() {
    thread.resume();
  }

  @Override
  public void suspend() {
    thread.suspend();
  }

  @Override
  public boolean canTerminate() {
    return thread.canTerminate();
  }

  @Override
  public boolean isTerminated() {
    return thread.isTerminated();
  }

  @Override
  public void terminate() {
    thread.terminate();
  }
}
