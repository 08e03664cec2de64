package org.heapatlas.eclipse.ui.views;

import org.eclipse.ui.IPartListener2;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchPartReference;

/** Tells a view whether it is in sight. */
final class Sight implements IPartListener2 {
  private final WidgetView view;

  Sight(WidgetView view) {
    this.view = view;
  }

  /**
   * @return to be run to tell no more
   */
  Runnable begin() {
    IWorkbenchPage page = view.getSite().getPage();
    page.addPartListener(this);
    return () -> page.removePartListener(this);
  }

  @Override
  public void partVisible(IWorkbenchPartReference part) {
    if (part.getPart(false) == view) view.setVisible(true);
  }

  @Override
  public void partHidden(IWorkbenchPartReference part) {
    if (part.getPart(false) == view) view.setVisible(false);
  }
}
