package org.heapatlas.eclipse.tests.widgets;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.heapatlas.eclipse.ui.widgets.Theme;
import org.heapatlas.eclipse.view.WidgetKind;

/**
 * The pictures of both front ends side by side, a row a widget kind: the browser's stored one at
 * the left, JavaFX's at the right. To be called on the JavaFX thread.
 */
public final class ContactSheet {
  private static final int WIDTH = 450;
  private static final int HEIGHT = 240;
  private static final int MARGIN = 16;
  private static final int HEAD = 26;

  private ContactSheet() {}

  public static void write(String theme, Theme colours, Path file) throws IOException {
    int kinds = WidgetKind.values().length;
    var sheet =
        new BufferedImage(
            2 * WIDTH + 3 * MARGIN,
            HEAD + kinds * (HEIGHT + HEAD) + MARGIN,
            BufferedImage.TYPE_INT_RGB);
    var graphics = sheet.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(new Color(0x808890));
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    graphics.setFont(new Font("DejaVu Sans", Font.BOLD, 13));
    graphics.setColor(Color.WHITE);
    graphics.drawString("VS Code and browser", MARGIN, 18);
    graphics.drawString("Eclipse (JavaFX)", 2 * MARGIN + WIDTH, 18);
    int y = HEAD;
    for (var kind : WidgetKind.values()) {
      graphics.setColor(Color.WHITE);
      graphics.drawString(kind.wire(), MARGIN, y + 18);
      y += HEAD;
      graphics.drawImage(stored(kind, theme), MARGIN, y, WIDTH, HEIGHT, null);
      drawOwn(graphics, kind, colours, 2 * MARGIN + WIDTH, y);
      y += HEIGHT;
    }
    graphics.dispose();
    Files.createDirectories(file.getParent());
    ImageIO.write(sheet, "png", file.toFile());
  }

  private static BufferedImage stored(WidgetKind kind, String theme) throws IOException {
    var name = "vscode-extension/test/pictures/" + kind.wire() + "-wide-" + theme + ".png";
    return ImageIO.read(Samples.root().resolve(name).toFile());
  }

  /** Halved in one step, which takes the mean of each four pixels. */
  private static void drawOwn(Graphics2D graphics, WidgetKind kind, Theme colours, int x, int y) {
    var bench = new Bench(kind);
    bench.pane.setTheme(colours);
    bench.pane.setFrame(Samples.frame(kind));
    var picture = Darkroom.photograph(bench.pane, Bench.WIDTH, Bench.HEIGHT);
    graphics.drawImage(Darkroom.toAwt(picture), x, y, WIDTH, HEIGHT, null);
  }
}
