package org.heapatlas.eclipse.journeys;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Button;
import org.eclipse.swt.graphics.Point;
import org.eclipse.swt.graphics.Rectangle;
import org.eclipse.ui.IViewReference;
import org.eclipse.ui.PlatformUI;
import org.heapatlas.eclipse.ui.views.WidgetView;
import org.heapatlas.eclipse.view.Frame;
import org.heapatlas.eclipse.view.WidgetData;

/** HeapAtlas's own views, as a person sees them. Used off the windows' thread. */
final class HeapViews {
  private HeapViews() {}

  /** Waits until a slot of a view that is open has a frame of the running session that is so. */
  static <D extends WidgetData> D shows(
      String view, int slot, Class<D> kind, Predicate<D> condition) throws Exception {
    AtomicReference<D> seen = new AtomicReference<>();
    Eye.sees(
        "the view '%s' shows %s".formatted(view, kind.getSimpleName()),
        () -> {
          Optional<D> data =
              find(view)
                  .map(found -> found.pane(slot))
                  .filter(pane -> pane.stale().isEmpty())
                  .flatMap(pane -> pane.frame())
                  .map(Frame::data)
                  .filter(kind::isInstance)
                  .map(kind::cast)
                  .filter(condition);
          data.ifPresent(seen::set);
          return data.isPresent();
        });
    return seen.get();
  }

  /** By its name in plugin.xml, or the id of the server's view. */
  private static Optional<WidgetView> find(String name) {
    var page = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage();
    for (IViewReference shown : page.getViewReferences()) {
      boolean named =
          shown.getId().equals(WidgetView.ANY + "." + name) || name.equals(shown.getSecondaryId());
      if (named && shown.getView(false) instanceof WidgetView view) return Optional.of(view);
    }
    return Optional.empty();
  }

  /** A part of what a slot draws, by its selector in JavaFX. */
  static Rectangle part(String view, int slot, String selector) throws Exception {
    return Eye.place(
        "'%s' of the view '%s'".formatted(selector, view),
        () -> find(view).map(found -> found.pane(slot).lookup(selector)).map(HeapViews::onScreen));
  }

  /** A button of what a slot draws. */
  static Point button(String view, int slot, String words) throws Exception {
    return Eye.middle(
        "the button '" + words + "'",
        () ->
            find(view).stream()
                .flatMap(found -> found.pane(slot).lookupAll(".button").stream())
                .filter(node -> node instanceof Button button && words.equals(button.getText()))
                .findFirst()
                .map(HeapViews::onScreen));
  }

  private static Rectangle onScreen(Node node) {
    Bounds bounds = node.localToScreen(node.getBoundsInLocal());
    return bounds == null
        ? new Rectangle(0, 0, 0, 0)
        : new Rectangle(
            (int) bounds.getMinX(),
            (int) bounds.getMinY(),
            (int) bounds.getWidth(),
            (int) bounds.getHeight());
  }
}
