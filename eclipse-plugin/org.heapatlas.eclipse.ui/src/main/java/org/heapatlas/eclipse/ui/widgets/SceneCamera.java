package org.heapatlas.eclipse.ui.widgets;

import javafx.geometry.Point2D;
import javafx.geometry.Point3D;
import org.heapatlas.eclipse.view.Numbers;
import org.heapatlas.eclipse.view.Scene;

/**
 * Where one looks at a scene from, and how that is moved: around the point that is looked at, along
 * the ground, closer. Angles are in radians, lengths in the scene's units: x to the right, y up, z
 * towards the reader. Pure.
 */
public record SceneCamera(Point3D target, double azimuth, double elevation, double distance) {
  /** How much of the picture's height is seen, as an angle. */
  public static final double FIELD_OF_VIEW = Math.toRadians(32);

  /** Neither below the ground nor so steep that there is no left and right. */
  private static final double LEAST_ELEVATION = 0.06;

  private static final double MOST_ELEVATION = Math.PI / 2 - 0.01;
  private static final double LEAST_DISTANCE = 2;
  private static final double MOST_DISTANCE = 4000;

  /** What is left free around the scene at first, for labels. */
  private static final double MARGIN = 1.06;

  /** From the ground up to the highest box. */
  record Bounds(Point3D from, Point3D to) {
    static Bounds of(Scene data) {
      double x = 0;
      double z = 0;
      double right = 0;
      double front = 0;
      for (var plate : data.plates()) {
        x = Math.min(x, plate.x());
        z = Math.min(z, plate.z());
        right = Math.max(right, plate.x() + plate.width());
        front = Math.max(front, plate.z() + plate.depth());
      }
      return new Bounds(
          new Point3D(x, 0, z), new Point3D(right, peak(data.boxes().height()), front));
    }

    private static double peak(Numbers heights) {
      return heights.peak();
    }
  }

  /** As near as all corners are in the picture, whose width is so many times its height. */
  public static SceneCamera home(Scene data, double aspect) {
    var bounds = Bounds.of(data);
    var from = bounds.from;
    var to = bounds.to;
    var target =
        new Point3D((from.getX() + to.getX()) / 2, to.getY() / 4, (from.getZ() + to.getZ()) / 2);
    double elevation =
        Math.clamp(Math.toRadians(data.home().elevation()), LEAST_ELEVATION, MOST_ELEVATION);
    var at =
        new SceneCamera(target, Math.toRadians(data.home().azimuth()), elevation, LEAST_DISTANCE);
    double up = Math.tan(FIELD_OF_VIEW / 2) / MARGIN;
    double across = up * aspect;
    double distance = LEAST_DISTANCE;
    for (int corner = 0; corner < 8; corner++) {
      var seen =
          at.seen(
              new Point3D(
                  (corner & 1) == 0 ? from.getX() : to.getX(),
                  (corner & 2) == 0 ? from.getY() : to.getY(),
                  (corner & 4) == 0 ? from.getZ() : to.getZ()));
      distance = Math.max(distance, seen.getZ() + Math.abs(seen.getX()) / across);
      distance = Math.max(distance, seen.getZ() + Math.abs(seen.getY()) / up);
    }
    return new SceneCamera(target, at.azimuth, elevation, Math.min(distance, MOST_DISTANCE));
  }

  /** A point as one sees it from here: to the right of the target, above it, towards the eye. */
  private Point3D seen(Point3D point) {
    var way = point.subtract(target);
    double outwards = way.getX() * Math.sin(azimuth) + way.getZ() * Math.cos(azimuth);
    return new Point3D(
        way.getX() * Math.cos(azimuth) - way.getZ() * Math.sin(azimuth),
        way.getY() * Math.cos(elevation) - outwards * Math.sin(elevation),
        way.getY() * Math.sin(elevation) + outwards * Math.cos(elevation));
  }

  /** Where a point is in a picture of this size. */
  public Point2D place(Point3D point, double width, double height) {
    var seen = seen(point);
    double depth = Math.max(1e-6, distance - seen.getZ());
    double scale = height / 2 / Math.tan(FIELD_OF_VIEW / 2) / depth;
    return new Point2D(width / 2 + seen.getX() * scale, height / 2 - seen.getY() * scale);
  }

  SceneCamera orbit(double byAzimuth, double byElevation) {
    double next = Math.clamp(elevation + byElevation, LEAST_ELEVATION, MOST_ELEVATION);
    return new SceneCamera(target, azimuth + byAzimuth, next, distance);
  }

  /** Along the ground, in parts of the picture's height: to the right, and away. */
  SceneCamera pan(double right, double away) {
    double reach = 2 * distance * Math.tan(FIELD_OF_VIEW / 2);
    double sin = Math.sin(azimuth);
    double cos = Math.cos(azimuth);
    var moved =
        target.add(reach * (right * cos - away * sin), 0, -reach * (right * sin + away * cos));
    return new SceneCamera(moved, azimuth, elevation, distance);
  }

  SceneCamera zoom(double factor) {
    double next = Math.clamp(distance / factor, LEAST_DISTANCE, MOST_DISTANCE);
    return new SceneCamera(target, azimuth, elevation, next);
  }
}
