package org.heapatlas.eclipse.tests.widgets;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import javafx.scene.Scene;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;
import javax.imageio.ImageIO;
import org.heapatlas.eclipse.ui.widgets.WidgetPane;

/** Widgets as pictures. To be called on the JavaFX thread. */
public final class Darkroom {
  /** What a widget builds while it is laid out is laid out in the next pulse. */
  private static final int PULSES = 3;

  private Darkroom() {}

  /** Lays a pane out in a scene of its own, if it has none. */
  public static void layOut(WidgetPane pane, double width, double height) {
    var scene = pane.getScene() == null ? new Scene(pane, width, height) : pane.getScene();
    for (int pulse = 0; pulse < PULSES; pulse++) {
      scene.getRoot().applyCss();
      pane.resize(width, height);
      pane.layout();
    }
  }

  public static Image photograph(WidgetPane pane, double width, double height) {
    layOut(pane, width, height);
    return pane.photograph();
  }

  /** An empty picture has a few. */
  public static int coloursOf(Image image) {
    var colours = new HashSet<Integer>();
    for (int argb : pixels(image)) colours.add(argb);
    return colours.size();
  }

  public static BufferedImage toAwt(Image image) {
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(0, 0, width, height, pixels(image), 0, width);
    return picture;
  }

  public static void write(Image image, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    ImageIO.write(toAwt(image), "png", file.toFile());
  }

  private static int[] pixels(Image image) {
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    var pixels = new int[width * height];
    image
        .getPixelReader()
        .getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), pixels, 0, width);
    return pixels;
  }
}
