package org.heapatlas.eclipse.dap;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.IIndexedValue;
import org.eclipse.debug.core.model.IVariable;
import org.eclipse.lsp4j.debug.Variable;
import org.eclipse.lsp4j.debug.VariablesArguments;
import org.eclipse.lsp4j.debug.VariablesArgumentsFilter;

/**
 * What a variable is. Its children are asked for when somebody looks at them; where they are
 * numbered, as an array's, a page at a time, which views show as ranges.
 */
public sealed class DapValue extends DapElement implements org.eclipse.debug.core.model.IValue {
  private final DapVariable variable;
  private final Variable data;
  private final Map<Page, CompletableFuture<List<DapVariable>>> pages = new ConcurrentHashMap<>();

  /** Which children: numbered ones from the start on, or all when the count is 0. */
  private record Page(int start, int count) {
    static final Page ALL = new Page(0, 0);
  }

  DapValue(DapVariable variable, Variable data) {
    super(variable.target());
    this.variable = variable;
    this.data = data;
  }

  static DapValue of(DapVariable variable, Variable data) {
    boolean numberedAlone =
        data.getIndexedVariables() != null
            && data.getIndexedVariables() > 0
            && (data.getNamedVariables() == null || data.getNamedVariables() == 0);
    return numberedAlone ? new Indexed(variable, data) : new DapValue(variable, data);
  }

  DapVariable variable() {
    return variable;
  }

  /** All children; of a large array rather a page. */
  public CompletableFuture<List<DapVariable>> children() {
    return page(Page.ALL);
  }

  /** Numbered children. */
  public CompletableFuture<List<DapVariable>> children(int start, int count) {
    return page(new Page(start, count));
  }

  private CompletableFuture<List<DapVariable>> page(Page page) {
    return hasVariables()
        ? pages.computeIfAbsent(page, this::request)
        : CompletableFuture.completedFuture(List.of());
  }

  private CompletableFuture<List<DapVariable>> request(Page page) {
    VariablesArguments arguments = new VariablesArguments();
    arguments.setVariablesReference(data.getVariablesReference());
    if (page.count() > 0) {
      arguments.setFilter(VariablesArgumentsFilter.INDEXED);
      arguments.setStart(page.start());
      arguments.setCount(page.count());
    }
    return server()
        .variables(arguments)
        .thenApply(answer -> Arrays.stream(answer.getVariables()).map(this::child).toList());
  }

  private DapVariable child(Variable child) {
    return new DapVariable(
        variable.frame(), data.getVariablesReference(), child, variable.path(), variable.values());
  }

  @Override
  public String getReferenceTypeName() {
    return Objects.toString(data.getType(), "");
  }

  @Override
  public String getValueString() {
    return Objects.toString(data.getValue(), "");
  }

  @Override
  public boolean isAllocated() {
    return !target().isTerminated();
  }

  @Override
  public IVariable[] getVariables() throws DebugException {
    return known(children(), List.<DapVariable>of(), "Reading " + variable.getName())
        .toArray(IVariable[]::new);
  }

  @Override
  public boolean hasVariables() {
    return data.getVariablesReference() > 0;
  }

  /** A value whose children are numbered. */
  static final class Indexed extends DapValue implements IIndexedValue {
    private final int size;

    private Indexed(DapVariable variable, Variable data) {
      super(variable, data);
      this.size = data.getIndexedVariables();
    }

    @Override
    public IVariable getVariable(int offset) throws DebugException {
      IVariable[] found = getVariables(offset, 1);
      return found.length == 0 ? null : found[0];
    }

    @Override
    public IVariable[] getVariables(int offset, int length) throws DebugException {
      return known(children(offset, length), List.<DapVariable>of(), "Reading an array")
          .toArray(IVariable[]::new);
    }

    @Override
    public int getSize() {
      return size;
    }

    @Override
    public int getInitialOffset() {
      return 0;
    }
  }
}
