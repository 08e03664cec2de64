package org.heapatlas.eclipse.ui.breakpoints;

import java.io.File;
import java.util.Optional;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IAdaptable;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.IBreakpointManager;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.debug.ui.actions.IToggleBreakpointsTarget;
import org.eclipse.jface.text.ITextSelection;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IURIEditorInput;
import org.eclipse.ui.IWorkbenchPart;
import org.eclipse.ui.texteditor.ITextEditor;
import org.heapatlas.eclipse.dap.Dap;
import org.heapatlas.eclipse.dap.DapLineBreakpoint;
import org.heapatlas.eclipse.dap.DapVariable;
import org.heapatlas.eclipse.dap.DapWatchpoint;

/** Sets and takes away breakpoints at lines of a text editor, and watchpoints on variables. */
public final class LineToggle implements IToggleBreakpointsTarget {
  @Override
  public void toggleLineBreakpoints(IWorkbenchPart part, ISelection selection)
      throws CoreException {
    if (part instanceof ITextEditor editor && selection instanceof ITextSelection text) {
      toggle(editor.getEditorInput(), text.getStartLine() + 1);
    }
  }

  private static void toggle(IEditorInput input, int line) throws CoreException {
    Optional<String> path = path(input);
    if (path.isEmpty()) {
      return;
    }
    Optional<IBreakpoint> there = at(path.get(), line);
    if (there.isPresent()) {
      manager().removeBreakpoint(there.get(), true);
    } else if (file(input) != null) {
      DapLineBreakpoint.at(file(input), line);
    } else {
      DapLineBreakpoint.at(path.get(), line);
    }
  }

  private static Optional<IBreakpoint> at(String path, int line) {
    for (IBreakpoint breakpoint : manager().getBreakpoints(Dap.MODEL)) {
      if (breakpoint instanceof DapLineBreakpoint there
          && there.path().equals(path)
          && there.getMarker().getAttribute(IMarker.LINE_NUMBER, 0) == line) {
        return Optional.of(there);
      }
    }
    return Optional.empty();
  }

  private static IBreakpointManager manager() {
    return DebugPlugin.getDefault().getBreakpointManager();
  }

  private static IFile file(IEditorInput input) {
    return ((IAdaptable) input).getAdapter(IFile.class);
  }

  private static Optional<String> path(IEditorInput input) {
    IFile file = file(input);
    if (file != null && file.getLocation() != null) {
      return Optional.of(file.getLocation().toOSString());
    }
    return input instanceof IURIEditorInput local && "file".equals(local.getURI().getScheme())
        ? Optional.of(new File(local.getURI()).getPath())
        : Optional.empty();
  }

  @Override
  public boolean canToggleLineBreakpoints(IWorkbenchPart part, ISelection selection) {
    return part instanceof ITextEditor editor && path(editor.getEditorInput()).isPresent();
  }

  @Override
  public void toggleMethodBreakpoints(IWorkbenchPart part, ISelection selection) {
    // Functions are named in the Breakpoints view.
  }

  @Override
  public boolean canToggleMethodBreakpoints(IWorkbenchPart part, ISelection selection) {
    return false;
  }

  @Override
  public void toggleWatchpoints(IWorkbenchPart part, ISelection selection) {
    variable(selection)
        .ifPresent(variable -> DapWatchpoint.on(variable).whenComplete(AddWatchpoint::tellRefusal));
  }

  @Override
  public boolean canToggleWatchpoints(IWorkbenchPart part, ISelection selection) {
    return variable(selection).isPresent();
  }

  private static Optional<DapVariable> variable(ISelection selection) {
    return selection instanceof org.eclipse.jface.viewers.IStructuredSelection chosen
            && chosen.getFirstElement() instanceof DapVariable variable
        ? Optional.of(variable)
        : Optional.empty();
  }
}
