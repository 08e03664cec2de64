package org.heapatlas.eclipse.ui.debug;

import java.io.File;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.core.filesystem.EFS;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IStorage;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.debug.core.model.ILineBreakpoint;
import org.eclipse.debug.core.model.IValue;
import org.eclipse.debug.core.sourcelookup.containers.LocalFileStorage;
import org.eclipse.debug.ui.IDebugModelPresentation;
import org.eclipse.debug.ui.IValueDetailListener;
import org.eclipse.jface.viewers.LabelProvider;
import org.eclipse.lsp4j.debug.Source;
import org.eclipse.swt.graphics.Image;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.PartInitException;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.ide.FileStoreEditorInput;
import org.eclipse.ui.ide.IDE;
import org.eclipse.ui.part.FileEditorInput;
import org.heapatlas.eclipse.dap.DapExceptionBreakpoint;
import org.heapatlas.eclipse.dap.DapFrame;
import org.heapatlas.eclipse.dap.DapFunctionBreakpoint;
import org.heapatlas.eclipse.dap.DapLineBreakpoint;
import org.heapatlas.eclipse.dap.DapSourceText;
import org.heapatlas.eclipse.dap.DapTarget;
import org.heapatlas.eclipse.dap.DapThread;
import org.heapatlas.eclipse.dap.DapWatchpoint;

/**
 * How the debug model's elements are told in the platform's views, and which editor shows a source.
 */
public final class DapPresentation extends LabelProvider implements IDebugModelPresentation {
  private static final String TEXT_EDITOR = "org.eclipse.ui.DefaultTextEditor";

  @Override
  public void setAttribute(String attribute, Object value) {
    // Types stand in a column of their own.
  }

  @Override
  public Image getImage(Object element) {
    return null;
  }

  @Override
  public String getText(Object element) {
    return switch (element) {
      case DapThread thread -> thread(thread);
      case DapFrame frame -> frame(frame);
      case DapLineBreakpoint line -> breakpoint(line, line(line));
      case DapFunctionBreakpoint function -> breakpoint(function, function.function() + "()");
      case DapExceptionBreakpoint exception -> breakpoint(exception, exception.label());
      case DapWatchpoint watchpoint -> breakpoint(watchpoint, watchpoint.description());
      default -> null;
    };
  }

  private static String thread(DapThread thread) {
    String state =
        thread.isSuspended() ? "Suspended" : thread.isStepping() ? "Stepping" : "Running";
    String why = thread.description();
    return "%s (%s%s)".formatted(thread.getName(), state, why.isEmpty() ? "" : ": " + why);
  }

  private static String frame(DapFrame frame) {
    Optional<String> file = frame.source().map(DapPresentation::fileName);
    return file.isEmpty() || frame.getLineNumber() < 1
        ? frame.getName()
        : "%s at %s:%d".formatted(frame.getName(), file.get(), frame.getLineNumber());
  }

  private static String fileName(Source source) {
    return source.getName() == null ? new File(source.getPath()).getName() : source.getName();
  }

  private static String line(DapLineBreakpoint line) {
    IMarker marker = line.getMarker();
    return marker == null
        ? ""
        : "%s [line: %d]"
            .formatted(
                new File(line.path()).getName(), marker.getAttribute(IMarker.LINE_NUMBER, 0));
  }

  private static String breakpoint(IBreakpoint breakpoint, String where) {
    IMarker marker = breakpoint.getMarker();
    return marker == null
        ? where
        : where
            + wish(marker, DapLineBreakpoint.CONDITION, " [if %s]")
            + wish(marker, DapLineBreakpoint.HIT_CONDITION, " [hits: %s]")
            + wish(marker, DapLineBreakpoint.LOG_MESSAGE, " [prints: %s]")
            + problem(breakpoint);
  }

  private static String wish(IMarker marker, String attribute, String words) {
    String wish = marker.getAttribute(attribute, "");
    return wish.isBlank() ? "" : words.formatted(wish);
  }

  /** What a session's adapter said against it. */
  private static String problem(IBreakpoint breakpoint) {
    String said =
        Arrays.stream(DebugPlugin.getDefault().getLaunchManager().getDebugTargets())
            .filter(DapTarget.class::isInstance)
            .map(target -> ((DapTarget) target).breakpoints().problem(breakpoint))
            .flatMap(Optional::stream)
            .distinct()
            .collect(Collectors.joining("; "));
    return said.isEmpty() ? "" : " (" + said + ")";
  }

  @Override
  public void computeDetail(IValue value, IValueDetailListener listener) {
    try {
      listener.detailComputed(value, value.getValueString());
    } catch (org.eclipse.debug.core.DebugException e) {
      listener.detailComputed(value, e.getMessage());
    }
  }

  @Override
  public IEditorInput getEditorInput(Object element) {
    return switch (element) {
      case IFile file -> new FileEditorInput(file);
      case LocalFileStorage file ->
          new FileStoreEditorInput(EFS.getLocalFileSystem().fromLocalFile(file.getFile()));
      case DapSourceText text -> new StorageInput(text);
      case DapLineBreakpoint line -> input(line);
      default -> null;
    };
  }

  private static IEditorInput input(ILineBreakpoint line) {
    if (line.getMarker().getResource() instanceof IFile file) {
      return new FileEditorInput(file);
    }
    return line instanceof DapLineBreakpoint ours
        ? new FileStoreEditorInput(EFS.getLocalFileSystem().fromLocalFile(new File(ours.path())))
        : null;
  }

  @Override
  public String getEditorId(IEditorInput input, Object element) {
    if (element instanceof IStorage storage && !(element instanceof IFile)) {
      return idOf(storage.getName());
    }
    return element instanceof IFile file ? idOf(file.getName()) : TEXT_EDITOR;
  }

  /** A program that the system would open such a file with is no place for a debugger. */
  private static String idOf(String fileName) {
    var known = PlatformUI.getWorkbench().getEditorRegistry().getDefaultEditor(fileName);
    if (known != null && known.isInternal()) {
      return known.getId();
    }
    try {
      var chosen = IDE.getEditorDescriptor(fileName, true, false);
      return chosen.isInternal() ? chosen.getId() : TEXT_EDITOR;
    } catch (PartInitException e) {
      // Nothing is registered for such a name.
      return TEXT_EDITOR;
    }
  }
}
