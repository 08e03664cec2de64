package org.heapatlas.eclipse.ui.findings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.core.filesystem.URIUtil;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.IMarker;
import org.eclipse.core.resources.IResource;
import org.eclipse.core.resources.IWorkspaceRoot;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.core.runtime.IPath;
import org.heapatlas.eclipse.session.FollowedView;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.StackLine;
import org.heapatlas.eclipse.view.Table;

/**
 * The findings of the current session in Problems and in the margin of editors: on the first line
 * of its stack that lies in the workspace, else on the workspace itself. They are not kept: a
 * session that ends takes them with it. Whatever view counts findings and is a table is taken.
 */
public final class FindingMarkers {
  /** The type of the markers. */
  public static final String TYPE = "org.heapatlas.eclipse.ui.finding";

  /** An attribute: the id of the row in the view of findings. */
  static final String FINDING = "finding";

  private static final Map<String, Integer> SEVERITIES =
      Map.of(
          "error", IMarker.SEVERITY_ERROR,
          "warning", IMarker.SEVERITY_WARNING,
          "information", IMarker.SEVERITY_INFO);

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("HeapAtlas findings").factory());
  private List<Mark> shown = List.of();

  private FindingMarkers() {}

  private record Mark(String id, String severity, String text, List<StackLine> stack) {}

  private record Place(IResource resource, int line) {}

  /** Follows the current session from now on. */
  public static void begin() {
    FindingMarkers markers = new FindingMarkers();
    FollowedView.begin(
        view -> view.id().endsWith(".findings") && view.widget().equals("table"),
        markers.thread,
        markers::show);
  }

  /** Frames come ten times a second, and findings seldom. */
  private void show(Optional<Frame> frame) {
    List<Mark> found =
        frame.map(Frame::data).orElse(null) instanceof Table table ? marks(table) : List.of();
    if (found.equals(shown)) return;
    try {
      ResourcesPlugin.getWorkspace().run(monitor -> mark(found), workspace(), 0, null);
      shown = found;
    } catch (CoreException e) {
      ILog.of(FindingMarkers.class).log(e.getStatus());
    }
  }

  private static IWorkspaceRoot workspace() {
    return ResourcesPlugin.getWorkspace().getRoot();
  }

  private static List<Mark> marks(Table table) {
    List<Mark> marks = new ArrayList<>();
    for (Table.Row row : table.rows()) {
      marks.add(
          new Mark(
              row.id(),
              cell(table, row, "severity"),
              cell(table, row, "kind") + ": " + cell(table, row, "explanation"),
              row.detail()));
    }
    return marks;
  }

  private static String cell(Table table, Table.Row row, String column) {
    for (int at = 0; at < table.columns().size() && at < row.cells().size(); at++) {
      if (table.columns().get(at).id().equals(column)) return row.cells().get(at).text();
    }
    return "";
  }

  private static void mark(List<Mark> found) throws CoreException {
    workspace().deleteMarkers(TYPE, true, IResource.DEPTH_INFINITE);
    for (Mark mark : found) {
      Place place = place(mark.stack());
      Map<String, Object> attributes = new HashMap<>();
      attributes.put(IMarker.MESSAGE, mark.text());
      attributes.put(
          IMarker.SEVERITY, SEVERITIES.getOrDefault(mark.severity(), IMarker.SEVERITY_ERROR));
      attributes.put(IMarker.TRANSIENT, true);
      attributes.put(FINDING, mark.id());
      if (place.line() > 0) attributes.put(IMarker.LINE_NUMBER, place.line());
      else located(mark.stack()).ifPresent(text -> attributes.put(IMarker.LOCATION, text));
      place.resource().createMarker(TYPE, attributes);
    }
  }

  private static Place place(List<StackLine> stack) {
    for (StackLine line : stack) {
      if (line.path().isEmpty()) continue;
      IFile[] files =
          workspace().findFilesForLocationURI(URIUtil.toURI(IPath.fromOSString(line.path())));
      for (IFile file : files) {
        if (file.exists()) return new Place(file, line.line());
      }
    }
    return new Place(workspace(), 0);
  }

  private static Optional<String> located(List<StackLine> stack) {
    return stack.stream()
        .filter(line -> !line.path().isEmpty())
        .findFirst()
        .map(line -> "%s:%d".formatted(line.path(), line.line()));
  }
}
