package org.heapatlas.eclipse.ui.breakpoints;

import java.util.Set;
import org.eclipse.debug.ui.actions.IToggleBreakpointsTarget;
import org.eclipse.debug.ui.actions.IToggleBreakpointsTargetFactory;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.ui.IWorkbenchPart;

/** Offers breakpoints of this debug model wherever sources of native programs are edited. */
public final class ToggleFactory implements IToggleBreakpointsTargetFactory {
  private static final String ID = "org.heapatlas.eclipse.ui.toggle";

  @Override
  public Set<String> getToggleTargets(IWorkbenchPart part, ISelection selection) {
    return Set.of(ID);
  }

  @Override
  public String getDefaultToggleTarget(IWorkbenchPart part, ISelection selection) {
    return ID;
  }

  @Override
  public IToggleBreakpointsTarget createToggleTarget(String target) {
    return new LineToggle();
  }

  @Override
  public String getToggleTargetName(String target) {
    return "HeapAtlas Breakpoints";
  }

  @Override
  public String getToggleTargetDescription(String target) {
    return "Stop at events whose stack passes the line";
  }
}
