package org.heapatlas.eclipse.dap;

import java.util.List;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.IRegister;
import org.eclipse.debug.core.model.IRegisterGroup;

/** A scope of registers; those that the adapter groups once more stand in one row. */
final class DapRegisters extends DapElement implements IRegisterGroup {
  private final DapVariable scope;

  DapRegisters(DapTarget target, DapVariable scope) {
    super(target);
    this.scope = scope;
  }

  @Override
  public String getName() {
    return scope.getName();
  }

  @Override
  public IRegister[] getRegisters() throws DebugException {
    return known(scope.value().children(), List.<DapVariable>of(), "Reading registers").stream()
        .map(variable -> new Register(this, variable))
        .toArray(IRegister[]::new);
  }

  @Override
  public boolean hasRegisters() {
    return scope.value().hasVariables();
  }

  private static final class Register extends DapElement implements IRegister {
    private final DapRegisters group;
    private final DapVariable variable;

    Register(DapRegisters group, DapVariable variable) {
      super(group.target());
      this.group = group;
      this.variable = variable;
    }

    @Override
    public IRegisterGroup getRegisterGroup() {
      return group;
    }

    @Override
    public org.eclipse.debug.core.model.IValue getValue() {
      return variable.getValue();
    }

    @Override
    public String getName() {
      return variable.getName();
    }

    @Override
    public String getReferenceTypeName() {
      return variable.getReferenceTypeName();
    }

    @Override
    public boolean hasValueChanged() {
      return variable.hasValueChanged();
    }

    @Override
    public void setValue(String expression) throws DebugException {
      variable.setValue(expression);
    }

    @Override
    public void setValue(org.eclipse.debug.core.model.IValue value) throws DebugException {
      variable.setValue(value);
    }

    @Override
    public boolean supportsValueModification() {
      return variable.supportsValueModification();
    }

    @Override
    public boolean verifyValue(String expression) {
      return variable.verifyValue(expression);
    }

    @Override
    public boolean verifyValue(org.eclipse.debug.core.model.IValue value) {
      return variable.verifyValue(value);
    }
  }
}
