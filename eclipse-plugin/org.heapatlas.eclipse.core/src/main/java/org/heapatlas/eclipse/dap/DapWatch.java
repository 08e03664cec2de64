package org.heapatlas.eclipse.dap;

import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.IDebugElement;
import org.eclipse.debug.core.model.IValue;
import org.eclipse.debug.core.model.IWatchExpressionDelegate;
import org.eclipse.debug.core.model.IWatchExpressionListener;
import org.eclipse.debug.core.model.IWatchExpressionResult;

/** Evaluates what stands in the Expressions view, in the frame that is selected. */
public final class DapWatch implements IWatchExpressionDelegate {
  @Override
  public void evaluateExpression(
      String expression, IDebugElement context, IWatchExpressionListener listener) {
    if (context instanceof DapFrame frame) {
      frame
          .watch(expression)
          .handle((variable, refusal) -> new Result(expression, variable, refusal))
          .thenAccept(listener::watchEvaluationFinished);
    } else {
      listener.watchEvaluationFinished(null);
    }
  }

  private record Result(String expression, DapVariable variable, Throwable refusal)
      implements IWatchExpressionResult {
    @Override
    public IValue getValue() {
      return variable == null ? null : variable.getValue();
    }

    @Override
    public boolean hasErrors() {
      return refusal != null;
    }

    @Override
    public String[] getErrorMessages() {
      return refusal == null ? new String[0] : new String[] {Dap.message(refusal)};
    }

    @Override
    public String getExpressionText() {
      return expression;
    }

    @Override
    public DebugException getException() {
      return refusal == null ? null : Dap.exception(expression, refusal);
    }
  }
}
