package org.heapatlas.eclipse.dap;

import java.util.HashMap;
import java.util.Map;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.debug.core.model.LineBreakpoint;

/** A breakpoint at a line of a file, in the workspace or out of it. */
public final class DapLineBreakpoint extends LineBreakpoint {
  static final String MARKER = Dap.MODEL + ".lineBreakpoint";
  public static final String CONDITION = Dap.MODEL + ".condition";
  public static final String HIT_CONDITION = Dap.MODEL + ".hitCondition";
  public static final String LOG_MESSAGE = Dap.MODEL + ".logMessage";
  static final String PATH = Dap.MODEL + ".path";

  /** For the platform, which restores it from its marker. */
  public DapLineBreakpoint() {}

  /** At a line, from 1 on, of a file in the workspace. */
  public static DapLineBreakpoint at(IFile file, int line) throws DebugException {
    return create(file, line, Map.of());
  }

  /** At a line of a file that is not in the workspace, by its absolute path. */
  public static DapLineBreakpoint at(String path, int line) throws DebugException {
    return create(ResourcesPlugin.getWorkspace().getRoot(), line, Map.of(PATH, path));
  }

  private static DapLineBreakpoint create(IResource on, int line, Map<String, Object> more)
      throws DebugException {
    DapLineBreakpoint breakpoint = new DapLineBreakpoint();
    Map<String, Object> attributes = new HashMap<>(more);
    attributes.put(IBreakpoint.ENABLED, true);
    attributes.put(IBreakpoint.PERSISTED, true);
    attributes.put(IBreakpoint.ID, Dap.MODEL);
    attributes.put(IMarker.LINE_NUMBER, line);
    breakpoint.run(
        breakpoint.getMarkerRule(on),
        monitor -> {
          breakpoint.setMarker(on.createMarker(MARKER, attributes));
          org.eclipse.debug.core.DebugPlugin.getDefault()
              .getBreakpointManager()
              .addBreakpoint(breakpoint);
        });
    return breakpoint;
  }

  /** The file's absolute path; empty once it is deleted. */
  public String path() {
    return SourceLine.of(this).map(SourceLine::path).orElse("");
  }

  /** Sets a text of its marker; blank takes it away. */
  public void change(String attribute, String text) throws CoreException {
    setAttribute(attribute, text.isBlank() ? null : text);
  }

  @Override
  public String getModelIdentifier() {
    return Dap.MODEL;
  }
}
