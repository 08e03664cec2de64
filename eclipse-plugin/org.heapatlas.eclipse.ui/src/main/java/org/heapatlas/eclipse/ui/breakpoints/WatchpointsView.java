package org.heapatlas.eclipse.ui.breakpoints;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.core.resources.IMarkerDelta;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.IBreakpointsListener;
import org.eclipse.debug.core.IDebugEventSetListener;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.action.Separator;
import org.eclipse.jface.layout.TableColumnLayout;
import org.eclipse.jface.viewers.ArrayContentProvider;
import org.eclipse.jface.viewers.CheckStateChangedEvent;
import org.eclipse.jface.viewers.CheckboxTableViewer;
import org.eclipse.jface.viewers.ColumnLabelProvider;
import org.eclipse.jface.viewers.ColumnWeightData;
import org.eclipse.jface.viewers.ICheckStateProvider;
import org.eclipse.jface.viewers.TableViewerColumn;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StackLayout;
import org.eclipse.swt.events.KeyEvent;
import org.eclipse.swt.events.KeyListener;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.ISharedImages;
import org.eclipse.ui.IWorkbenchActionConstants;
import org.eclipse.ui.part.ViewPart;
import org.heapatlas.eclipse.dap.Dap;
import org.heapatlas.eclipse.dap.DapBreakpoints;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.dap.DapWatchpoint;
import org.heapatlas.eclipse.session.Sessions;
import org.heapatlas.eclipse.ui.Problem;

/**
 * The watchpoints of the workspace, which keeps them between sessions, and what serves each in the
 * current one. The platform's Breakpoints view has them too, among all others.
 */
public final class WatchpointsView extends ViewPart {
  private static final String NONE =
      "Nothing is watched. Add an address here, or choose Set watchpoint in the menu of a tile of"
          + " the heap map or of a byte. A recording stops where a block that covers it is"
          + " allocated, released or moved, in both directions.";

  /** Of a column, for each unit of its weight, in pixels. */
  private static final int LEAST_WIDTH = 24;

  private final StackLayout layout = new StackLayout();
  private final Changes changes = new Changes();
  private Display display;
  private Composite stack;
  private Composite tableHolder;
  private Label none;
  private CheckboxTableViewer table;
  private Runnable leaving = () -> {};

  @Override
  public void createPartControl(Composite parent) {
    display = parent.getDisplay();
    stack = new Composite(parent, SWT.NONE);
    stack.setLayout(layout);
    none = new Label(stack, SWT.WRAP);
    none.setText(NONE);
    tableHolder = new Composite(stack, SWT.NONE);
    TableColumnLayout columns = new TableColumnLayout();
    tableHolder.setLayout(columns);
    table = CheckboxTableViewer.newCheckList(tableHolder, SWT.FULL_SELECTION | SWT.MULTI);
    table.getTable().setHeaderVisible(true);
    table.setContentProvider(ArrayContentProvider.getInstance());
    table.setCheckStateProvider(new Enabled());
    table.addCheckStateListener(WatchpointsView::enable);
    column(columns, "Watchpoint", 7, DapWatchpoint::description);
    column(columns, "Condition", 4, DapWatchpoint::condition);
    column(columns, "Hits", 2, DapWatchpoint::hitCondition);
    column(columns, "Served by", 5, WatchpointsView::service);
    column(columns, "Cost", 3, WatchpointsView::cost);
    table.getTable().addKeyListener(KeyListener.keyPressedAdapter(this::onKey));
    getSite().setSelectionProvider(table);
    fillMenus();
    DebugPlugin.getDefault().getBreakpointManager().addBreakpointListener(changes);
    DebugPlugin.getDefault().addDebugEventListener(changes);
    leaving = Sessions.shared().onChange(this::refreshSoon);
    refresh();
  }

  private void column(
      TableColumnLayout columns, String title, int weight, Function<DapWatchpoint, String> text) {
    TableViewerColumn column = new TableViewerColumn(table, SWT.NONE);
    column.getColumn().setText(title);
    columns.setColumnData(
        column.getColumn(), new ColumnWeightData(weight, weight * LEAST_WIDTH, true));
    column.setLabelProvider(
        ColumnLabelProvider.createTextProvider(
            element -> element instanceof DapWatchpoint each ? text.apply(each) : ""));
  }

  private static Optional<DapBreakpoints> current() {
    return Sessions.shared().current().map(session -> session.target().breakpoints());
  }

  /** In the current session; why nothing does, where that is so. */
  private static String service(DapWatchpoint each) {
    if (!isEnabled(each)) return "off";
    return current()
        .flatMap(
            set ->
                set.problem(each)
                    .or(() -> set.service(each).map(served -> served.mechanism()))
                    .or(() -> Optional.of(set.isVerified(each) ? "the debug adapter" : "")))
        .orElse("");
  }

  private static String cost(DapWatchpoint each) {
    if (!isEnabled(each)) return "";
    return current().flatMap(set -> set.service(each)).map(served -> served.cost()).orElse("");
  }

  private static boolean isEnabled(IBreakpoint each) {
    try {
      return each.isEnabled();
    } catch (CoreException gone) {
      // It is removed meanwhile, which comes as an event of its own.
      return false;
    }
  }

  private static void enable(CheckStateChangedEvent event) {
    try {
      ((IBreakpoint) event.getElement()).setEnabled(event.getChecked());
    } catch (CoreException e) {
      Problem.show("The watchpoint cannot be switched", e);
    }
  }

  private void fillMenus() {
    Action add =
        new Action("Add Watchpoint…") {
          @Override
          public void run() {
            AddWatchpoint.ask(getSite().getShell());
          }
        };
    Action remove =
        new Action("Remove") {
          @Override
          public void run() {
            removeSelected();
          }
        };
    ISharedImages images = getSite().getWorkbenchWindow().getWorkbench().getSharedImages();
    add.setImageDescriptor(images.getImageDescriptor(ISharedImages.IMG_OBJ_ADD));
    remove.setImageDescriptor(images.getImageDescriptor(ISharedImages.IMG_ELCL_REMOVE));
    getViewSite().getActionBars().getToolBarManager().add(add);
    getViewSite().getActionBars().getToolBarManager().add(remove);
    MenuManager menu = new MenuManager();
    menu.add(add);
    menu.add(remove);
    menu.add(new Separator(IWorkbenchActionConstants.MB_ADDITIONS));
    table.getTable().setMenu(menu.createContextMenu(table.getTable()));
    getSite().registerContextMenu(menu, table);
  }

  private void onKey(KeyEvent event) {
    if (event.keyCode == SWT.DEL && event.stateMask == 0) removeSelected();
  }

  private void removeSelected() {
    List<DapWatchpoint> chosen =
        Arrays.stream(table.getStructuredSelection().toArray())
            .map(DapWatchpoint.class::cast)
            .toList();
    try {
      DebugPlugin.getDefault()
          .getBreakpointManager()
          .removeBreakpoints(chosen.toArray(IBreakpoint[]::new), true);
    } catch (CoreException e) {
      Problem.show("The watchpoint cannot be removed", e);
    }
  }

  private void refreshSoon() {
    if (!display.isDisposed()) display.asyncExec(this::refresh);
  }

  private void refresh() {
    if (stack.isDisposed()) return;
    List<DapWatchpoint> all =
        Arrays.stream(DebugPlugin.getDefault().getBreakpointManager().getBreakpoints(Dap.MODEL))
            .filter(DapWatchpoint.class::isInstance)
            .map(DapWatchpoint.class::cast)
            .toList();
    if (!all.equals(table.getInput())) table.setInput(all);
    else table.refresh();
    layout.topControl = all.isEmpty() ? none : tableHolder;
    stack.layout();
  }

  @Override
  public void setFocus() {
    layout.topControl.setFocus();
  }

  @Override
  public void dispose() {
    DebugPlugin.getDefault().getBreakpointManager().removeBreakpointListener(changes);
    DebugPlugin.getDefault().removeDebugEventListener(changes);
    leaving.run();
    super.dispose();
  }

  private static final class Enabled implements ICheckStateProvider {
    @Override
    public boolean isChecked(Object element) {
      return isEnabled((IBreakpoint) element);
    }

    @Override
    public boolean isGrayed(Object element) {
      return false;
    }
  }

  /** Of the workspace's breakpoints, and of what a session's adapter makes of them. */
  private final class Changes implements IBreakpointsListener, IDebugEventSetListener {
    @Override
    public void breakpointsAdded(IBreakpoint[] added) {
      refreshSoon();
    }

    @Override
    public void breakpointsRemoved(IBreakpoint[] removed, IMarkerDelta[] deltas) {
      refreshSoon();
    }

    @Override
    public void breakpointsChanged(IBreakpoint[] changed, IMarkerDelta[] deltas) {
      refreshSoon();
    }

    @Override
    public void handleDebugEvents(DebugEvent[] events) {
      boolean ours =
          Arrays.stream(events)
              .anyMatch(
                  event ->
                      event.getKind() == DebugEvent.CHANGE
                          && event.getSource() instanceof DapTarget);
      if (ours) refreshSoon();
    }
  }
}
