package org.heapatlas.eclipse.dap;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.IValue;
import org.eclipse.debug.core.model.IVariable;
import org.eclipse.lsp4j.debug.EvaluateResponse;
import org.eclipse.lsp4j.debug.Scope;
import org.eclipse.lsp4j.debug.SetExpressionArguments;
import org.eclipse.lsp4j.debug.SetVariableArguments;
import org.eclipse.lsp4j.debug.Variable;
import org.eclipse.lsp4j.debug.VariablePresentationHint;

/** A variable, a child of one, a scope, or what an expression is. */
public class DapVariable extends DapElement implements IVariable {
  private final DapFrame frame;

  /** The reference of what it is a child of; 0 of a scope and of an expression's result. */
  private final int container;

  private final Variable data;
  private final String path;
  private final ValueLog values;
  private final boolean changed;
  private volatile DapValue value;

  DapVariable(DapFrame frame, int container, Variable data, String parentPath, ValueLog values) {
    super(frame.target());
    this.frame = frame;
    this.container = container;
    this.data = data;
    this.path = parentPath + "/" + data.getName();
    this.values = values;
    this.changed = values.isNew(path, Objects.toString(data.getValue(), ""));
    this.value = DapValue.of(this, data);
  }

  static DapVariable ofScope(DapFrame frame, Scope scope, ValueLog values) {
    Variable data = new Variable();
    data.setName(scope.getName());
    data.setValue("");
    data.setVariablesReference(scope.getVariablesReference());
    data.setNamedVariables(scope.getNamedVariables());
    data.setIndexedVariables(scope.getIndexedVariables());
    VariablePresentationHint hint = new VariablePresentationHint();
    hint.setKind(kindOf(scope));
    data.setPresentationHint(hint);
    return new DapVariable(frame, 0, data, "", values);
  }

  /** Not every adapter gives the hint that its scopes deserve. */
  private static String kindOf(Scope scope) {
    return scope.getPresentationHint() == null
        ? scope.getName().toLowerCase(java.util.Locale.ROOT)
        : scope.getPresentationHint();
  }

  static DapVariable ofResult(
      DapFrame frame, String expression, EvaluateResponse result, ValueLog values) {
    Variable data = new Variable();
    data.setName(expression);
    data.setEvaluateName(expression);
    data.setValue(result.getResult());
    data.setType(result.getType());
    data.setVariablesReference(result.getVariablesReference());
    data.setNamedVariables(result.getNamedVariables());
    data.setIndexedVariables(result.getIndexedVariables());
    data.setMemoryReference(result.getMemoryReference());
    data.setPresentationHint(result.getPresentationHint());
    return new DapVariable(frame, 0, data, "", values);
  }

  DapFrame frame() {
    return frame;
  }

  ValueLog values() {
    return values;
  }

  String path() {
    return path;
  }

  /** The reference of what it is a child of; 0 where it is nobody's. */
  public int container() {
    return container;
  }

  public DapValue value() {
    return value;
  }

  /** The expression that is this variable; empty where the adapter gives none. */
  public Optional<String> expression() {
    return Optional.ofNullable(data.getEvaluateName()).filter(words -> !words.isEmpty());
  }

  /** Where its bytes lie; empty where the adapter does not say. */
  public Optional<BigInteger> address() {
    return DapMemory.address(data.getMemoryReference());
  }

  final boolean hasHint(String kind) {
    VariablePresentationHint hint = data.getPresentationHint();
    return hint != null && kind.equals(hint.getKind());
  }

  private boolean isReadOnly() {
    VariablePresentationHint hint = data.getPresentationHint();
    return hint != null
        && hint.getAttributes() != null
        && Arrays.asList(hint.getAttributes()).contains("readOnly");
  }

  @Override
  public IValue getValue() {
    return value;
  }

  @Override
  public String getName() {
    return data.getName();
  }

  @Override
  public String getReferenceTypeName() {
    return Objects.toString(data.getType(), "");
  }

  @Override
  public boolean hasValueChanged() {
    return changed;
  }

  @Override
  public boolean supportsValueModification() {
    return !isReadOnly() && (canSetVariable() || canSetExpression());
  }

  private boolean canSetVariable() {
    return container != 0 && DapTarget.offers(target().capabilities().getSupportsSetVariable());
  }

  private boolean canSetExpression() {
    return expression().isPresent()
        && DapTarget.offers(target().capabilities().getSupportsSetExpression());
  }

  /** Gives it a value; done when it has it. */
  public CompletableFuture<Void> change(String expression) {
    return (canSetVariable() ? setVariable(expression) : setExpression(expression))
        .thenAccept(
            now -> {
              value = DapValue.of(this, now);
              frame.forget();
              fireChangeEvent(DebugEvent.CONTENT);
            });
  }

  private CompletableFuture<Variable> setVariable(String expression) {
    SetVariableArguments arguments = new SetVariableArguments();
    arguments.setVariablesReference(container);
    arguments.setName(data.getName());
    arguments.setValue(expression);
    return server()
        .setVariable(arguments)
        .thenApply(
            answer ->
                changed(
                    Objects.requireNonNullElse(answer.getValue(), expression),
                    answer.getVariablesReference(),
                    answer.getNamedVariables(),
                    answer.getIndexedVariables()));
  }

  private CompletableFuture<Variable> setExpression(String expression) {
    SetExpressionArguments arguments = new SetExpressionArguments();
    arguments.setExpression(expression().orElseThrow());
    arguments.setFrameId(frame.id());
    arguments.setValue(expression);
    return server()
        .setExpression(arguments)
        .thenApply(
            answer ->
                changed(
                    Objects.requireNonNullElse(answer.getValue(), expression),
                    answer.getVariablesReference(),
                    answer.getNamedVariables(),
                    answer.getIndexedVariables()));
  }

  private Variable changed(String words, Integer reference, Integer named, Integer indexed) {
    Variable now = new Variable();
    now.setName(data.getName());
    now.setType(data.getType());
    now.setMemoryReference(data.getMemoryReference());
    now.setValue(words);
    now.setVariablesReference(reference == null ? 0 : reference);
    now.setNamedVariables(named);
    now.setIndexedVariables(indexed);
    return now;
  }

  @Override
  public void setValue(String expression) throws DebugException {
    Waiting.forChange(change(expression), "Changing " + getName());
  }

  @Override
  public void setValue(IValue now) throws DebugException {
    setValue(now.getValueString());
  }

  @Override
  public boolean verifyValue(String expression) {
    return !expression.isBlank();
  }

  @Override
  public boolean verifyValue(IValue now) {
    return now instanceof DapValue;
  }
}
