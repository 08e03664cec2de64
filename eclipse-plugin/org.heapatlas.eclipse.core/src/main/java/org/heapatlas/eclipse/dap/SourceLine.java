package org.heapatlas.eclipse.dap;

import java.util.Optional;
import java.util.Set;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IMarker;
import org.eclipse.debug.core.model.IBreakpoint;
import org.eclipse.debug.core.model.ILineBreakpoint;

/**
 * The line at which a breakpoint stands, of this model or set by other tools for C and C++, which
 * are known by their markers alone.
 *
 * @param path absolute, in the file system
 * @param line from 1 on
 * @param condition what must hold; null for none, as in the protocol
 * @param hitCondition which hit counts; null for each
 * @param logMessage what is printed instead of a stop; null for a stop
 */
record SourceLine(String path, int line, String condition, String hitCondition, String logMessage) {
  private static final String CDT = "org.eclipse.cdt.debug.core";
  private static final Set<String> MODELS = Set.of(Dap.MODEL, CDT);

  static Optional<SourceLine> of(IBreakpoint breakpoint) {
    IMarker marker = breakpoint.getMarker();
    if (!(breakpoint instanceof ILineBreakpoint)
        || marker == null
        || !MODELS.contains(breakpoint.getModelIdentifier())) {
      return Optional.empty();
    }
    int line = marker.getAttribute(IMarker.LINE_NUMBER, 0);
    return path(marker)
        .filter(path -> line > 0)
        .map(
            path ->
                new SourceLine(
                    path,
                    line,
                    text(marker, DapLineBreakpoint.CONDITION, CDT + ".condition"),
                    text(marker, DapLineBreakpoint.HIT_CONDITION, null),
                    text(marker, DapLineBreakpoint.LOG_MESSAGE, null)));
  }

  private static Optional<String> path(IMarker marker) {
    if (marker.getResource() instanceof IFile file && file.getLocation() != null) {
      return Optional.of(file.getLocation().toOSString());
    }
    return Optional.ofNullable(text(marker, DapLineBreakpoint.PATH, CDT + ".sourceHandle"));
  }

  private static String text(IMarker marker, String name, String otherName) {
    String text = marker.getAttribute(name, "");
    if (text.isBlank() && otherName != null) {
      text = marker.getAttribute(otherName, "");
    }
    return text.isBlank() ? null : text;
  }
}
