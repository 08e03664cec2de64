package org.heapatlas.eclipse.ui.debug;

import java.util.Map;
import java.util.Optional;
import org.eclipse.core.runtime.IAdaptable;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.IDebugEventSetListener;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.contexts.DebugContextEvent;
import org.eclipse.debug.ui.contexts.IDebugContextListener;
import org.eclipse.ui.AbstractSourceProvider;
import org.eclipse.ui.ISources;
import org.eclipse.ui.PlatformUI;
import org.heapatlas.eclipse.dap.TimeTravel;

/** The variable {@link #CAN_GO_BACK}, by which the commands that run backwards are enabled. */
public final class TimeTravelState extends AbstractSourceProvider
    implements IDebugContextListener, IDebugEventSetListener {
  public static final String CAN_GO_BACK = "org.heapatlas.eclipse.ui.canGoBack";

  /** Made by the workbench, on its thread. */
  public TimeTravelState() {
    DebugUITools.getDebugContextManager().addDebugContextListener(this);
    DebugPlugin.getDefault().addDebugEventListener(this);
  }

  /** What is selected in the Debug view, where it can go backwards at all. */
  static Optional<TimeTravel> selected() {
    IAdaptable context = DebugUITools.getDebugContext();
    return context instanceof TimeTravel traveller ? Optional.of(traveller) : Optional.empty();
  }

  private static boolean canGoBack() {
    return selected().filter(TimeTravel::canGoBack).isPresent();
  }

  private void look() {
    fireSourceChanged(ISources.WORKBENCH, CAN_GO_BACK, canGoBack());
  }

  @Override
  public Map<String, Boolean> getCurrentState() {
    return Map.of(CAN_GO_BACK, canGoBack());
  }

  @Override
  public String[] getProvidedSourceNames() {
    return new String[] {CAN_GO_BACK};
  }

  @Override
  public void debugContextChanged(DebugContextEvent event) {
    look();
  }

  @Override
  public void handleDebugEvents(DebugEvent[] events) {
    if (!PlatformUI.getWorkbench().isClosing()) {
      PlatformUI.getWorkbench().getDisplay().asyncExec(this::look);
    }
  }

  @Override
  public void dispose() {
    DebugUITools.getDebugContextManager().removeDebugContextListener(this);
    DebugPlugin.getDefault().removeDebugEventListener(this);
  }
}
