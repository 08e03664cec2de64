package org.heapatlas.eclipse.ui.views;

import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.ui.IFolderLayout;
import org.eclipse.ui.IPageLayout;
import org.eclipse.ui.IPerspectiveFactory;
import org.eclipse.ui.console.IConsoleConstants;

/** Sessions and recordings at the left, the heap at the right, time below. */
public final class HeapAtlasPerspective implements IPerspectiveFactory {
  private static final String VIEWS = WidgetView.ANY + ".";

  @Override
  public void createInitialLayout(IPageLayout layout) {
    String editors = layout.getEditorArea();
    IFolderLayout sessions = layout.createFolder("sessions", IPageLayout.LEFT, 0.22f, editors);
    sessions.addView(IDebugUIConstants.ID_DEBUG_VIEW);
    sessions.addPlaceholder(IPageLayout.ID_PROJECT_EXPLORER);
    IFolderLayout kept = layout.createFolder("kept", IPageLayout.BOTTOM, 0.5f, "sessions");
    kept.addView(VIEWS + "recordings");
    kept.addView(IDebugUIConstants.ID_BREAKPOINT_VIEW);
    kept.addView(VIEWS + "nodes");
    IFolderLayout heap = layout.createFolder("heap", IPageLayout.RIGHT, 0.35f, editors);
    heap.addView(VIEWS + "atlas");
    heap.addPlaceholder(WidgetView.ANY + ":*");
    IFolderLayout time = layout.createFolder("time", IPageLayout.BOTTOM, 0.68f, "heap");
    time.addView(VIEWS + "timeline");
    time.addView(VIEWS + "findings");
    time.addView(VIEWS + "query");
    time.addView(VIEWS + "watchpoints");
    time.addView(IConsoleConstants.ID_CONSOLE_VIEW);
    IFolderLayout state = layout.createFolder("state", IPageLayout.BOTTOM, 0.6f, editors);
    state.addView(IDebugUIConstants.ID_VARIABLE_VIEW);
    state.addPlaceholder(IDebugUIConstants.ID_EXPRESSION_VIEW);
    state.addPlaceholder("org.eclipse.debug.ui.MemoryView");
    layout.addActionSet(IDebugUIConstants.LAUNCH_ACTION_SET);
    layout.addActionSet(IDebugUIConstants.DEBUG_ACTION_SET);
    for (String view :
        new String[] {
          "atlas", "timeline", "findings", "query", "watchpoints", "recordings", "nodes"
        }) {
      layout.addShowViewShortcut(VIEWS + view);
    }
    layout.addPerspectiveShortcut(IDebugUIConstants.ID_DEBUG_PERSPECTIVE);
  }
}
