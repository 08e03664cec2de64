package org.heapatlas.eclipse.ui.widgets;

import javafx.scene.AmbientLight;
import javafx.scene.Group;
import javafx.scene.Node;
import javafx.scene.PerspectiveCamera;
import javafx.scene.SceneAntialiasing;
import javafx.scene.SubScene;
import javafx.scene.image.WritableImage;
import javafx.scene.input.PickResult;
import javafx.scene.paint.Color;
import javafx.scene.paint.PhongMaterial;
import javafx.scene.shape.CullFace;
import javafx.scene.shape.MeshView;
import javafx.scene.shape.TriangleMesh;
import javafx.scene.shape.VertexFormat;
import javafx.scene.transform.Rotate;
import javafx.scene.transform.Translate;

/**
 * Draws a scene in three dimensions: plates, and all boxes as one mesh, which takes its colours
 * from a picture of the ramp. JavaFX draws it again when something changed, and never otherwise.
 * Its y points down and its z away from the reader, so that both change their sign.
 */
final class SceneStage {
  /**
   * The top has the colour of the legend; sides are darker, so that edges are seen without lines.
   */
  private static final double[] SHADES = {1, 0.7, 0.5};

  private static final double PART_OF_CELL = 0.88;
  private static final double PLATE_BELOW = 0.02;

  /** One step more than the ramp has: where the metric has no value. */
  private static final int TEXTURE = 512;

  private static final int TRIANGLES_A_BOX = 10;

  private final Group world = new Group();
  private final PerspectiveCamera eye = new PerspectiveCamera(true);
  private final SubScene scene = new SubScene(new Group(), 1, 1, true, SceneAntialiasing.BALANCED);
  private Node boxes;

  SceneStage() {
    eye.setFieldOfView(Math.toDegrees(SceneCamera.FIELD_OF_VIEW));
    eye.setNearClip(0.1);
    eye.setFarClip(10_000);
    scene.setRoot(new Group(new AmbientLight(Color.WHITE), world));
    scene.setCamera(eye);
    scene.setManaged(false);
  }

  SubScene node() {
    return scene;
  }

  void show(SceneModel model, Theme theme) {
    scene.setFill(theme.ground());
    world.getChildren().clear();
    var plate = Palette.blend(theme.text(), theme.ground(), 0.08);
    var ground = new PhongMaterial(plate);
    for (var each : model.data().plates()) {
      var view = new MeshView(flat(each.x(), each.z(), each.width(), each.depth()));
      view.setMaterial(ground);
      view.setCullFace(CullFace.NONE);
      world.getChildren().add(view);
    }
    var view = new MeshView(mesh(model));
    var material = new PhongMaterial();
    material.setDiffuseMap(texture(theme, plate));
    view.setMaterial(material);
    view.setCullFace(CullFace.NONE);
    boxes = view;
    world.getChildren().add(view);
  }

  void look(SceneCamera from, double width, double height) {
    scene.setWidth(Math.max(1, width));
    scene.setHeight(Math.max(1, height));
    eye.getTransforms()
        .setAll(
            new Translate(from.target().getX(), -from.target().getY(), -from.target().getZ()),
            new Rotate(-Math.toDegrees(from.azimuth()), Rotate.Y_AXIS),
            new Rotate(-Math.toDegrees(from.elevation()), Rotate.X_AXIS),
            new Translate(0, 0, -from.distance()));
  }

  /** The box that a pointer is over, or -1. */
  int boxOf(PickResult picked) {
    return picked != null && picked.getIntersectedNode() == boxes && boxes != null
        ? picked.getIntersectedFace() / TRIANGLES_A_BOX
        : -1;
  }

  /** The ramp from left to right, a row a shade; behind it the colour of nothing. */
  private static WritableImage texture(Theme theme, Color nothing) {
    var ramp = Palette.sequential(theme.dark());
    var image = new WritableImage(TEXTURE, 4 * SHADES.length);
    for (int x = 0; x < TEXTURE; x++) {
      var colour = x < Palette.RAMP_STEPS ? ramp.get(x) : nothing;
      for (int y = 0; y < 4 * SHADES.length; y++) {
        double shade = SHADES[y / 4];
        image
            .getPixelWriter()
            .setColor(
                x,
                y,
                Color.color(
                    colour.getRed() * shade, colour.getGreen() * shade, colour.getBlue() * shade));
      }
    }
    return image;
  }

  private static TriangleMesh flat(double x, double z, double width, double depth) {
    var mesh = new TriangleMesh(VertexFormat.POINT_TEXCOORD);
    float y = (float) PLATE_BELOW;
    float left = (float) x;
    float right = (float) (x + width);
    float back = (float) -z;
    float front = (float) -(z + depth);
    mesh.getPoints().setAll(left, y, back, right, y, back, right, y, front, left, y, front);
    mesh.getTexCoords().setAll(0, 0);
    mesh.getFaces().setAll(0, 0, 1, 0, 2, 0, 0, 0, 2, 0, 3, 0);
    return mesh;
  }

  /** Eight corners and ten triangles a box: none below. A texture coordinate a step and shade. */
  private static TriangleMesh mesh(SceneModel model) {
    int count = model.count();
    var points = new float[count * 8 * 3];
    var faces = new int[count * TRIANGLES_A_BOX * 6];
    for (int box = 0; box < count; box++) {
      putCorners(points, box * 24, model, box);
      putFaces(faces, box * TRIANGLES_A_BOX * 6, box * 8, model.step(box));
    }
    var mesh = new TriangleMesh(VertexFormat.POINT_TEXCOORD);
    mesh.getPoints().setAll(points);
    mesh.getTexCoords().setAll(coordinates());
    mesh.getFaces().setAll(faces);
    return mesh;
  }

  private static float[] coordinates() {
    int steps = Palette.RAMP_STEPS + 1;
    var coordinates = new float[steps * SHADES.length * 2];
    for (int shade = 0; shade < SHADES.length; shade++) {
      for (int step = 0; step < steps; step++) {
        int at = (shade * steps + step) * 2;
        coordinates[at] = (step + 0.5f) / TEXTURE;
        coordinates[at + 1] = (shade + 0.5f) / SHADES.length;
      }
    }
    return coordinates;
  }

  /** Bit 0: right, bit 1: top, bit 2: front. */
  private static void putCorners(float[] points, int at, SceneModel model, int box) {
    var boxes = model.data().boxes();
    double width = boxes.width() * PART_OF_CELL;
    double depth = boxes.depth() * PART_OF_CELL;
    double left = boxes.x().get(box) + (boxes.width() - width) / 2;
    double back = boxes.z().get(box) + (boxes.depth() - depth) / 2;
    for (int corner = 0; corner < 8; corner++) {
      points[at + corner * 3] = (float) (left + ((corner & 1) != 0 ? width : 0));
      points[at + corner * 3 + 1] = (float) -((corner & 2) != 0 ? boxes.height().get(box) : 0);
      points[at + corner * 3 + 2] = (float) -(back + ((corner & 4) != 0 ? depth : 0));
    }
  }

  /** Top, front and back, right and left. */
  private static final int[][] SIDES = {
    {2, 3, 7, 6}, {4, 5, 7, 6}, {0, 1, 3, 2}, {1, 5, 7, 3}, {0, 4, 6, 2}
  };

  private static final int[] SHADE_OF_SIDE = {0, 1, 1, 2, 2};

  private static void putFaces(int[] faces, int begin, int corners, int step) {
    int at = begin;
    for (int side = 0; side < SIDES.length; side++) {
      int colour =
          SHADE_OF_SIDE[side] * (Palette.RAMP_STEPS + 1) + (step < 0 ? Palette.RAMP_STEPS : step);
      for (int corner : new int[] {0, 1, 2, 0, 2, 3}) {
        faces[at++] = corners + SIDES[side][corner];
        faces[at++] = colour;
      }
    }
  }
}
