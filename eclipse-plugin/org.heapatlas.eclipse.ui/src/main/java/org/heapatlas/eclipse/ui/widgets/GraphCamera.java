package org.heapatlas.eclipse.ui.widgets;

import javafx.geometry.Dimension2D;
import javafx.geometry.Point2D;

/**
 * Which part of a graph's picture is in sight: its scale, and where its left upper corner stands.
 * Pure.
 */
public record GraphCamera(double scale, double x, double y) {
  private static final double LEAST_SCALE = 0.05;
  private static final double MOST_SCALE = 4;

  /** Words are read down to here. */
  private static final double LEAST_READABLE = 0.8;

  /** All of the picture, in the middle of the room, no larger than it is. */
  public static GraphCamera fit(Dimension2D picture, Dimension2D room) {
    double wanted =
        Math.min(
            room.getWidth() / Math.max(picture.getWidth(), 1),
            room.getHeight() / Math.max(picture.getHeight(), 1));
    double scale = Math.clamp(wanted, LEAST_SCALE, 1);
    return new GraphCamera(
        scale,
        (room.getWidth() - picture.getWidth() * scale) / 2,
        (room.getHeight() - picture.getHeight() * scale) / 2);
  }

  /** All of it where that can be read; else as much as can, around a point of the picture. */
  public static GraphCamera begin(Dimension2D picture, Dimension2D room, Point2D point) {
    var all = fit(picture, room);
    if (all.scale >= LEAST_READABLE) return all;
    return new GraphCamera(
        LEAST_READABLE,
        start(picture.getWidth(), room.getWidth(), point.getX()),
        start(picture.getHeight(), room.getHeight(), point.getY()));
  }

  private static double start(double length, double space, double middle) {
    double drawn = length * LEAST_READABLE;
    if (drawn <= space) return (space - drawn) / 2;
    return Math.min(0, Math.max(space - drawn, space / 2 - middle * LEAST_READABLE));
  }

  /** What lies under the point stays there. */
  public GraphCamera zoomed(double factor, Point2D at) {
    double next = Math.clamp(scale * factor, LEAST_SCALE, MOST_SCALE);
    double share = next / scale;
    return new GraphCamera(
        next, at.getX() - (at.getX() - x) * share, at.getY() - (at.getY() - y) * share);
  }

  GraphCamera moved(double byX, double byY) {
    return new GraphCamera(scale, x + byX, y + byY);
  }

  /** Moved no further than is needed to have a box around a point of the picture in sight. */
  GraphCamera showing(Point2D point, Dimension2D box, Dimension2D room) {
    return moved(
        shift(point.getX() * scale + x, box.getWidth() * scale / 2, room.getWidth()),
        shift(point.getY() * scale + y, box.getHeight() * scale / 2, room.getHeight()));
  }

  private static double shift(double middle, double half, double length) {
    if (middle - half < 0) return half - middle;
    return middle + half > length ? length - half - middle : 0;
  }

  /** A point of the room in the picture. */
  Point2D toPicture(double roomX, double roomY) {
    return new Point2D((roomX - x) / scale, (roomY - y) / scale);
  }
}
