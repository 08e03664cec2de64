package org.heapatlas.eclipse.ui.views;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.eclipse.core.resources.IContainer;
import org.eclipse.core.resources.IProject;
import org.eclipse.core.resources.IResourceChangeEvent;
import org.eclipse.core.resources.IResourceChangeListener;
import org.eclipse.core.resources.IResourceDelta;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.ILaunchesListener2;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.dialogs.ErrorDialog;
import org.eclipse.jface.layout.TableColumnLayout;
import org.eclipse.jface.viewers.ArrayContentProvider;
import org.eclipse.jface.viewers.ColumnLabelProvider;
import org.eclipse.jface.viewers.ColumnWeightData;
import org.eclipse.jface.viewers.TableViewer;
import org.eclipse.jface.viewers.TableViewerColumn;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.StackLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.DirectoryDialog;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.ui.part.ViewPart;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchKind;
import org.heapatlas.eclipse.view.Format;

/** The recordings in the projects of the workspace; a double click replays one. */
public final class RecordingsView extends ViewPart {
  private static final String NONE =
      "There is no recording in this workspace. One is made by a launch configuration whose page"
          + " Monitoring names a folder for it.";
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
          .withZone(ZoneId.systemDefault());
  private static final long SETTLED_MILLIS = 1000;

  private final StackLayout layout = new StackLayout();
  private final Job search = Job.create("Looking for recordings", this::look);
  private final IResourceChangeListener changes = this::heed;
  private final Ends ends = new Ends();
  private Display display;
  private Composite stack;
  private Composite tableHolder;
  private Label none;
  private TableViewer table;

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
    table = new TableViewer(tableHolder, SWT.FULL_SELECTION | SWT.V_SCROLL | SWT.BORDER);
    table.getTable().setHeaderVisible(true);
    table.setContentProvider(ArrayContentProvider.getInstance());
    column(columns, "Recording", 4, Recording::name);
    column(columns, "Program", 4, Recording::program);
    column(columns, "Begun", 3, r -> r.begun() == null ? "" : WHEN.format(r.begun()));
    column(columns, "Size", 2, r -> Format.bytes(r.bytes()));
    table.addDoubleClickListener(
        event -> {
          if (table.getStructuredSelection().getFirstElement() instanceof Recording chosen) {
            replay(chosen.folder());
          }
        });
    layout.topControl = none;
    getSite().setSelectionProvider(table);
    var bars = getViewSite().getActionBars();
    bars.getToolBarManager().add(openAction());
    bars.getToolBarManager().add(refreshAction());
    ResourcesPlugin.getWorkspace()
        .addResourceChangeListener(changes, IResourceChangeEvent.POST_CHANGE);
    DebugPlugin.getDefault().getLaunchManager().addLaunchListener(ends);
    search.setSystem(true);
    search.schedule();
  }

  private void column(
      TableColumnLayout columns, String title, int weight, Function<Recording, String> text) {
    TableViewerColumn column = new TableViewerColumn(table, SWT.NONE);
    column.getColumn().setText(title);
    columns.setColumnData(column.getColumn(), new ColumnWeightData(weight, 60, true));
    column.setLabelProvider(
        ColumnLabelProvider.createTextProvider(
            element -> element instanceof Recording recording ? text.apply(recording) : ""));
  }

  private Action openAction() {
    Action open =
        new Action("Open a Recording…") {
          @Override
          public void run() {
            DirectoryDialog dialog = new DirectoryDialog(getSite().getShell());
            dialog.setMessage("The folder of a recording:");
            String folder = dialog.open();
            if (folder != null) replay(Path.of(folder));
          }
        };
    open.setToolTipText("Replays a recording that lies outside of the workspace");
    return open;
  }

  private Action refreshAction() {
    return new Action("Refresh") {
      @Override
      public void run() {
        search.schedule();
      }
    };
  }

  /** What is in files changes often, and makes no recording. */
  private void heed(IResourceChangeEvent event) {
    try {
      boolean[] others = new boolean[1];
      event
          .getDelta()
          .accept(
              delta -> {
                others[0] |= comesOrGoes(delta);
                return !others[0];
              });
      if (others[0]) refreshSoon();
    } catch (CoreException e) {
      ILog.of(getClass()).log(e.getStatus());
    }
  }

  private static boolean comesOrGoes(IResourceDelta delta) {
    boolean changed = delta.getKind() == IResourceDelta.CHANGED;
    return changed
        ? (delta.getFlags() & (IResourceDelta.OPEN | IResourceDelta.REPLACED)) != 0
        : delta.getResource() instanceof IContainer || Recording.isDescription(delta.getResource());
  }

  private void refreshSoon() {
    search.schedule(SETTLED_MILLIS);
  }

  private IStatus look(IProgressMonitor monitor) {
    List<Recording> found = new ArrayList<>();
    for (IProject project : ResourcesPlugin.getWorkspace().getRoot().getProjects()) {
      if (monitor.isCanceled()) return Status.CANCEL_STATUS;
      if (!project.isOpen() || project.getLocation() == null) continue;
      try {
        found.addAll(Recording.in(project.getLocation().toPath()));
      } catch (IOException unreadable) {
        ILog.of(getClass()).warn("Recordings of '%s'".formatted(project.getName()), unreadable);
      }
    }
    if (!display.isDisposed()) {
      display.asyncExec(
          () -> {
            if (!stack.isDisposed()) show(found);
          });
    }
    return Status.OK_STATUS;
  }

  private void show(List<Recording> found) {
    // Rows that are made anew lose what is being done with them, a double click say.
    if (!found.equals(table.getInput())) table.setInput(found);
    layout.topControl = found.isEmpty() ? none : tableHolder;
    stack.layout();
  }

  /** Replays a recording by a configuration that is not kept. */
  private void replay(Path folder) {
    try {
      ILaunchManager manager = DebugPlugin.getDefault().getLaunchManager();
      ILaunchConfigurationWorkingCopy configuration =
          manager
              .getLaunchConfigurationType(LaunchAttributes.TYPE)
              .newInstance(
                  null, manager.generateLaunchConfigurationName(folder.getFileName().toString()));
      configuration.setAttribute(LaunchAttributes.KIND, LaunchKind.RECORDING.name());
      configuration.setAttribute(LaunchAttributes.RECORDING, folder.toString());
      DebugUITools.launch(configuration, ILaunchManager.DEBUG_MODE);
    } catch (CoreException e) {
      ErrorDialog.openError(
          getSite().getShell(), "Replay", "The recording cannot be replayed.", e.getStatus());
    }
  }

  @Override
  public void setFocus() {
    layout.topControl.setFocus();
  }

  @Override
  public void dispose() {
    ResourcesPlugin.getWorkspace().removeResourceChangeListener(changes);
    DebugPlugin.getDefault().getLaunchManager().removeLaunchListener(ends);
    search.cancel();
    super.dispose();
  }

  /** A session may have recorded, and files that others write are not in the resources' changes. */
  private final class Ends implements ILaunchesListener2 {
    @Override
    public void launchesTerminated(ILaunch[] launches) {
      refreshSoon();
    }

    @Override
    public void launchesAdded(ILaunch[] launches) {
      // Nothing has been recorded yet.
    }

    @Override
    public void launchesChanged(ILaunch[] launches) {
      // Only an end matters.
    }

    @Override
    public void launchesRemoved(ILaunch[] launches) {
      // The end of one that is removed at once is not told.
      refreshSoon();
    }
  }
}
