package org.heapatlas.eclipse.dap;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.core.resources.IMarker;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.ExceptionBreakpointsFilter;

/** One of an adapter's exception filters, which stands among the breakpoints to be switched. */
public final class DapExceptionBreakpoint extends WorkspaceBreakpoint {
  private static final String MARKER = Dap.MODEL + ".exceptionBreakpoint";
  private static final String FILTER = Dap.MODEL + ".filter";
  private static final String LABEL = Dap.MODEL + ".label";

  /** For the platform, which restores it from its marker. */
  public DapExceptionBreakpoint() {}

  /** Makes those that an adapter offers and the workspace does not have yet. */
  static void offer(Capabilities offered, List<IBreakpoint> known) {
    ExceptionBreakpointsFilter[] filters = offered.getExceptionBreakpointFilters();
    if (filters == null) {
      return;
    }
    for (ExceptionBreakpointsFilter filter : filters) {
      boolean isKnown =
          known.stream()
              .anyMatch(
                  breakpoint ->
                      breakpoint instanceof DapExceptionBreakpoint exception
                          && exception.filter().equals(filter.getFilter()));
      if (!isKnown) {
        create(filter);
      }
    }
  }

  private static void create(ExceptionBreakpointsFilter filter) {
    String label = Objects.toString(filter.getLabel(), filter.getFilter());
    try {
      new DapExceptionBreakpoint()
          .create(
              MARKER,
              Map.of(
                  FILTER,
                  filter.getFilter(),
                  LABEL,
                  label,
                  IMarker.MESSAGE,
                  label,
                  IBreakpoint.ENABLED,
                  DapTarget.offers(filter.getDefault_())));
    } catch (DebugException e) {
      Dap.log("Offering the exception filter '%s'".formatted(label), e);
    }
  }

  /** As the adapter names it. */
  public String filter() {
    return text(FILTER);
  }

  public String label() {
    return text(LABEL);
  }
}
