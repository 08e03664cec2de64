package org.heapatlas.eclipse.dap;

import java.util.HashMap;
import java.util.Map;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.model.Breakpoint;
import org.eclipse.debug.core.model.IBreakpoint;

/** A breakpoint that no file has: its marker is the workspace's. */
abstract class WorkspaceBreakpoint extends Breakpoint {
  @Override
  public final String getModelIdentifier() {
    return Dap.MODEL;
  }

  /** Makes its marker, and has the workspace keep it. */
  final void create(String markerType, Map<String, Object> more) throws DebugException {
    IResource workspace = ResourcesPlugin.getWorkspace().getRoot();
    Map<String, Object> attributes = new HashMap<>();
    attributes.put(IBreakpoint.ENABLED, true);
    attributes.put(IBreakpoint.PERSISTED, true);
    attributes.put(IBreakpoint.ID, Dap.MODEL);
    attributes.putAll(more);
    run(
        getMarkerRule(workspace),
        monitor -> {
          setMarker(workspace.createMarker(markerType, attributes));
          DebugPlugin.getDefault().getBreakpointManager().addBreakpoint(this);
        });
  }

  /** What must hold; empty for nothing. */
  public final String condition() {
    return text(DapLineBreakpoint.CONDITION);
  }

  final String text(String attribute) {
    IMarker marker = getMarker();
    return marker == null ? "" : marker.getAttribute(attribute, "");
  }

  /** Which hits count; empty for each. */
  public final String hitCondition() {
    return text(DapLineBreakpoint.HIT_CONDITION);
  }

  /** Null for none, as in the protocol. */
  final String conditionOrNull() {
    return orNull(condition());
  }

  /** Null for each. */
  final String hitConditionOrNull() {
    return orNull(hitCondition());
  }

  private static String orNull(String text) {
    return text.isBlank() ? null : text;
  }
}
