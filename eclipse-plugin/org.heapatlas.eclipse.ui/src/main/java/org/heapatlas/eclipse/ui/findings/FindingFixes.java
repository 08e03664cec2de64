package org.heapatlas.eclipse.ui.findings;

import org.eclipse.core.resources.IMarker;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.ui.IMarkerResolution;
import org.eclipse.ui.IMarkerResolutionGenerator;
import org.eclipse.ui.IViewReference;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchWindow;
import org.eclipse.ui.PlatformUI;
import org.heapatlas.eclipse.ui.views.ShowServerView;
import org.heapatlas.eclipse.ui.views.WidgetView;
import org.heapatlas.eclipse.view.Act;

/** What can be done about a finding: its report tells all of it, the list goes to its evidence. */
public final class FindingFixes implements IMarkerResolutionGenerator {
  private static final String REPORT = "memory.report";
  private static final String FINDINGS = "memory.findings";

  @Override
  public IMarkerResolution[] getResolutions(IMarker marker) {
    return new IMarkerResolution[] {
      new Show("Show the report of what was found", REPORT),
      new Show("Show all findings of the session", FINDINGS)
    };
  }

  private record Show(String label, String view) implements IMarkerResolution {
    @Override
    public String getLabel() {
      return label;
    }

    @Override
    public void run(IMarker marker) {
      IWorkbenchWindow window = PlatformUI.getWorkbench().getActiveWorkbenchWindow();
      IWorkbenchPage page = window.getActivePage();
      ShowServerView.show(
          page,
          view,
          sentence -> MessageDialog.openError(window.getShell(), "HeapAtlas", sentence));
      IViewReference shown = page.findViewReference(WidgetView.ANY, view);
      String finding = marker.getAttribute(FindingMarkers.FINDING, "");
      if (view.equals(REPORT)
          && shown != null
          && shown.getView(true) instanceof WidgetView report) {
        report.perform(new Act("choose", finding));
      }
    }
  }
}
