package org.heapatlas.eclipse.ui.widgets;

import java.nio.IntBuffer;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.Image;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;
import org.heapatlas.eclipse.ui.widgets.HeatMapLayout.Block;
import org.heapatlas.eclipse.ui.widgets.HeatMapLayout.Tiles;
import org.heapatlas.eclipse.view.Address;
import org.heapatlas.eclipse.view.Format;

/**
 * Paints a heat map: its tiles pixel by pixel into a buffer, which takes a few milliseconds
 * whatever their number; labels, gaps and marks over it.
 */
final class HeatMapPainter {
  private static final double TWO_LINES = 30;
  private static final double THREE_LINES = 45;
  private static final double LINE = 15;
  private static final double READABLE_GAP = 12;
  private static final double LABEL_PADDING = 8;

  private final HeatMapLayout layout;
  private final float[] levels;
  private final Theme theme;

  HeatMapPainter(HeatMapLayout layout, float[] levels, Theme theme) {
    this.layout = layout;
    this.levels = levels;
    this.theme = theme;
  }

  /** What lies in [top, top + height) of the map. */
  void paint(GraphicsContext context, double top, double width, double height) {
    context.setImageSmoothing(false);
    context.drawImage(tiles(top, (int) Math.ceil(width), (int) Math.ceil(height)), 0, top);
    for (var block : layout.blocks()) {
      if (block.y() - LINE > top + height || block.y() + block.height() < top) continue;
      paintLabel(context, block);
      if (block.leftOut() != 0) paintGap(context, block);
    }
  }

  private Image tiles(double top, int width, int height) {
    var pixels = new int[Math.max(1, width * height)];
    var colours = Palette.sequential(theme.dark()).stream().mapToInt(Palette::argb).toArray();
    int empty = Palette.argb(theme.emptyTile());
    for (var block : layout.blocks()) {
      int firstRow = Math.max(0, (int) ((top - block.tilesY()) / layout.cellHeight()));
      int first = firstRow * layout.columns();
      for (int tile = first; tile < block.count(); tile++) {
        double y = block.tilesY() + tile / layout.columns() * (double) layout.cellHeight() - top;
        if (y >= height) break;
        float level = levels[block.first() + tile];
        if (level < 0) continue;
        int colour = Float.isNaN(level) ? empty : colours[Math.round(level * (colours.length - 1))];
        int x = (int) layout.gutter() + tile % layout.columns() * layout.cellWidth();
        fill(pixels, width, height, x, (int) Math.round(y), colour);
      }
    }
    var buffer =
        new PixelBuffer<>(
            Math.max(1, width),
            Math.max(1, height),
            IntBuffer.wrap(pixels),
            PixelFormat.getIntArgbPreInstance());
    return new WritableImage(buffer);
  }

  private void fill(int[] pixels, int width, int height, int x, int y, int colour) {
    int right = Math.min(width, x + layout.cellWidth() - layout.tileGap());
    int bottom = Math.min(height, y + layout.cellHeight() - layout.tileGap());
    for (int row = Math.max(0, y); row < bottom; row++) {
      int at = row * width;
      for (int column = x; column < right; column++) pixels[at + column] = colour;
    }
  }

  /** A segment's name, size and first address, as many lines as there is room for. */
  private void paintLabel(GraphicsContext context, Block block) {
    var segment = block.segment();
    double room = layout.gutter() - LABEL_PADDING;
    var words = segment.label().isEmpty() ? segment.kind() : segment.label();
    var size = HeatMapLayout.sizeOf(segment.range());
    var font = theme.font(11);
    context.setTextBaseline(VPos.CENTER);
    context.setTextAlign(TextAlignment.LEFT);
    context.setFont(font);
    boolean beside = block.height() < THREE_LINES;
    double forName = beside ? room - TextFit.width(size, font) - LABEL_PADDING : room;
    context.setFill(theme.text());
    context.fillText(TextFit.fit(shortName(words), font, forName), 0, block.y() + LINE / 2);
    context.setFill(theme.muted());
    if (beside) {
      context.setTextAlign(TextAlignment.RIGHT);
      context.fillText(size, room, block.y() + LINE / 2);
      context.setTextAlign(TextAlignment.LEFT);
    } else context.fillText(size, 0, block.y() + LINE * 1.5);
    if (block.height() < TWO_LINES) return;
    context.setFont(theme.monospaced(10));
    context.fillText(
        Address.toWire(segment.range().from()), 0, block.y() + LINE * (beside ? 1.5 : 2.5));
  }

  /** A mapped file is known by its last name. */
  private static String shortName(String name) {
    return name.startsWith("/") ? Format.source(name, 0) : name;
  }

  /** A line across the tiles, above a block that does not follow the one before. */
  private void paintGap(GraphicsContext context, Block block) {
    double height = HeatMapLayout.gapHeight(layout.blocks().size());
    double y = block.y() - height / 2;
    double left = layout.gutter();
    double right = layout.width();
    context.setStroke(Palette.withAlpha(theme.muted(), 0.6));
    context.setLineWidth(1);
    context.setLineDashes(1, 2);
    double half = 0;
    if (height >= READABLE_GAP) {
      var words = Format.bytes(Address.toDouble(block.leftOut())) + " not shown";
      var font = theme.font(10);
      half = TextFit.width(words, font) / 2 + 8;
      context.setFont(font);
      context.setFill(theme.muted());
      context.setTextAlign(TextAlignment.CENTER);
      context.fillText(words, (left + right) / 2, y);
    }
    double middle = (left + right) / 2;
    context.strokeLine(left, Math.floor(y) + 0.5, middle - half, Math.floor(y) + 0.5);
    context.strokeLine(middle + half, Math.floor(y) + 0.5, right, Math.floor(y) + 0.5);
    context.setLineDashes();
  }

  void markTile(GraphicsContext context, int tile, boolean strong) {
    var corner = layout.cornerOf(tile);
    if (corner.isEmpty()) return;
    double x = corner.get().x();
    double y = corner.get().y();
    double width = layout.cellWidth() - layout.tileGap();
    double height = layout.cellHeight() - layout.tileGap();
    if (strong) {
      stroke(context, theme.ground(), 3, x - 1.5, y - 1.5, width + 3, height + 3);
      stroke(context, theme.text(), 2, x - 1, y - 1, width + 2, height + 2);
    } else stroke(context, theme.text(), 1, x - 0.5, y - 0.5, width + 1, height + 1);
  }

  void markRuns(GraphicsContext context, Tiles tiles, boolean filled) {
    for (var run : layout.runs(tiles)) {
      if (filled) {
        context.setFill(Palette.withAlpha(theme.accent(), 0.45));
        context.fillRect(run.x(), run.y(), run.width(), layout.cellHeight());
      } else {
        stroke(
            context,
            theme.ground(),
            3,
            run.x() - 1.5,
            run.y() - 1.5,
            run.width() + 3,
            layout.cellHeight() + 3.0);
        stroke(
            context,
            theme.accent(),
            2,
            run.x() - 1,
            run.y() - 1,
            run.width() + 2,
            layout.cellHeight() + 2.0);
      }
    }
  }

  private static void stroke(
      GraphicsContext context,
      Color colour,
      double line,
      double x,
      double y,
      double width,
      double height) {
    context.setStroke(colour);
    context.setLineWidth(line);
    context.strokeRect(x, y, width, height);
  }
}
