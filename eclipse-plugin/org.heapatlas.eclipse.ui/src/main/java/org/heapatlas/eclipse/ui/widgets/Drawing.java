package org.heapatlas.eclipse.ui.widgets;

import javafx.geometry.Orientation;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.Region;

/**
 * A canvas as large as its room, with a scroll bar where what is drawn is higher. It is painted
 * once a pulse when something changed, and never otherwise. Coordinates of points are of the whole
 * picture: scrolled ones.
 */
final class Drawing extends Region {
  /** Paints what is in sight: the context's origin is the picture's upper left corner. */
  interface Painter {
    void paint(GraphicsContext context, double width, double height, double scrollTop);
  }

  private static final double LINE = 40;

  private final Canvas canvas = new Canvas();
  private final ScrollBar bar = new ScrollBar();
  private final Painter painter;
  private double contentHeight;

  Drawing(Painter painter) {
    this.painter = painter;
    bar.setOrientation(Orientation.VERTICAL);
    bar.setVisible(false);
    bar.setFocusTraversable(false);
    bar.valueProperty().addListener((value, before, now) -> requestLayout());
    canvas.setManaged(false);
    getChildren().addAll(canvas, bar);
    getStyleClass().add("drawing");
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setMinSize(0, 0);
    setOnScroll(
        event -> {
          if (event.isControlDown() || !bar.isVisible()) return;
          scrollTo(bar.getValue() - Math.signum(event.getDeltaY()) * LINE);
          event.consume();
        });
    addEventFilter(
        javafx.scene.input.MouseEvent.MOUSE_PRESSED,
        event -> {
          if (event.getButton() != MouseButton.NONE) requestFocus();
        });
    focusedProperty().addListener((focused, before, now) -> requestLayout());
  }

  /** To be painted again in the next pulse. */
  void repaint() {
    requestLayout();
  }

  void setContentHeight(double height) {
    if (height == contentHeight) return;
    contentHeight = height;
    requestLayout();
  }

  /** What the painter has of the width. */
  double room() {
    return Math.max(0, getWidth() - (needsBar() ? bar.prefWidth(-1) : 0));
  }

  double scrollTop() {
    return bar.isVisible() ? bar.getValue() : 0;
  }

  void scrollTo(double top) {
    bar.setValue(Math.clamp(top, 0, Math.max(0, contentHeight - getHeight())));
  }

  /** Scrolls no further than is needed. */
  void reveal(double top, double bottom) {
    if (top < scrollTop()) scrollTo(top);
    else if (bottom > scrollTop() + getHeight()) scrollTo(bottom - getHeight());
  }

  private boolean needsBar() {
    return contentHeight > getHeight() + 0.5;
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth();
    double height = getHeight();
    layoutBar(width, height);
    double room = room();
    if (canvas.getWidth() != room) canvas.setWidth(room);
    if (canvas.getHeight() != height) canvas.setHeight(height);
    if (room <= 0 || height <= 0) return;
    var context = canvas.getGraphicsContext2D();
    context.clearRect(0, 0, room, height);
    context.save();
    context.translate(0, -scrollTop());
    painter.paint(context, room, height, scrollTop());
    context.restore();
  }

  private void layoutBar(double width, double height) {
    bar.setVisible(needsBar());
    if (!needsBar()) return;
    double most = contentHeight - height;
    bar.setMax(most);
    bar.setVisibleAmount(most * height / contentHeight);
    bar.setBlockIncrement(height - LINE);
    bar.setUnitIncrement(LINE);
    if (bar.getValue() > most) bar.setValue(most);
    double wide = bar.prefWidth(-1);
    bar.resizeRelocate(width - wide, 0, wide, height);
  }
}
