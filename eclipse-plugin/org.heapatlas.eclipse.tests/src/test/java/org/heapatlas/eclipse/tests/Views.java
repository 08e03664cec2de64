package org.heapatlas.eclipse.tests;

import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.ui.IViewReference;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PlatformUI;
import org.heapatlas.eclipse.ui.views.WidgetView;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.WidgetData;

/** The workbench's views of the heap, as tests find and read them. */
public final class Views {
  private static final String PERSPECTIVE = "org.heapatlas.eclipse.ui.perspective";

  private Views() {}

  /** The perspective of HeapAtlas, in front. */
  public static IWorkbenchPage perspective() throws Exception {
    return PlatformUI.getWorkbench()
        .showPerspective(PERSPECTIVE, PlatformUI.getWorkbench().getActiveWorkbenchWindow());
  }

  /** A view that plugin.xml names. */
  static WidgetView show(IWorkbenchPage page, String name) throws Exception {
    return (WidgetView) page.showView(WidgetView.ANY + "." + name);
  }

  /** A view of the server that was brought into sight by its id. */
  static WidgetView ofServer(IWorkbenchPage page, String id) {
    return (WidgetView) page.findViewReference(WidgetView.ANY, id).getView(true);
  }

  /** What a session showed last would pass for what the next one shows. */
  public static void closeAll(IWorkbenchPage page) {
    for (IViewReference shown : page.getViewReferences()) {
      if (shown.getId().startsWith(WidgetView.ANY)) page.hideView(shown);
    }
  }

  static Optional<WidgetData> data(WidgetView view, int slot) {
    return view.pane(slot).frame().map(Frame::data);
  }

  static boolean shows(WidgetView view, int slot, Class<? extends WidgetData> kind) {
    return data(view, slot).filter(kind::isInstance).isPresent();
  }

  static boolean framed(WidgetView view, Predicate<Frame> condition) {
    return view.pane(0).frame().filter(condition).isPresent();
  }
}
