package org.heapatlas.eclipse.ui.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.heapatlas.eclipse.view.Address;
import org.heapatlas.eclipse.view.AddressRange;
import org.heapatlas.eclipse.view.HeatMap.Segment;

/**
 * Where each tile of a heat map stands, and which tile stands at a point. Coordinate space: pixels
 * from the map's upper left corner, gutter included, before scrolling. Each segment is a block of
 * whole rows; rows × columns hold its tiles in address order. Pure.
 */
public record HeatMapLayout(
    List<Block> blocks,
    int columns,
    int cellWidth,
    int cellHeight,
    double gutter,
    double height,
    int tiles) {
  /**
   * @param leftOut the bytes of address space between the block before and this one, which are not
   *     drawn
   * @param first the index of its first tile among all tiles
   * @param tilesY where its first row starts: a block lower than a line of text has it in its
   *     middle
   */
  public record Block(
      Segment segment, long leftOut, int first, int count, double y, double height, double tilesY) {
    public AddressRange range() {
      return segment.range();
    }

    boolean holds(int tile) {
      return first <= tile && tile < first + count;
    }
  }

  /**
   * @param zoom 1 fits the map into the height where it can; more enlarges the tiles
   */
  public record Options(double width, double height, double gutter, double zoom) {}

  public record Point(double x, double y) {}

  /** Tiles of one row that lie side by side. */
  public record Run(double x, double y, double width) {}

  /** From one tile up to and with another. */
  public record Tiles(int first, int last) {}

  enum Way {
    LEFT,
    RIGHT,
    UP,
    DOWN
  }

  private record Grid(int columns, int cellWidth, int cellHeight) {
    double rowsHeight(int count) {
      return Math.ceilDiv(count, columns) * (double) cellHeight;
    }

    double height(List<Segment> segments) {
      double sum = EDGE;
      for (var segment : segments) {
        sum += Math.max(rowsHeight(segment.tiles()), MIN_BLOCK) + gapHeight(segments.size());
      }
      return sum;
    }
  }

  private static final int MIN_CELL = 4;
  private static final int MAX_CELL = 22;
  private static final double MIN_BLOCK = 17;
  private static final double WORDY_GAP = 17;
  private static final double NARROW_GAP = 7;
  private static final int MOST_WORDY = 24;

  /** Room around the tiles for the cursor's outline. */
  private static final double EDGE = 3;

  private static final double MAX_WIDENING = 40;
  private static final int[] COLUMN_CHOICES = {8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512};

  /**
   * Between two blocks: for a line of text that says what is left out, or for a line where blocks
   * are many.
   */
  static double gapHeight(int blocks) {
    return blocks > MOST_WORDY ? NARROW_GAP : WORDY_GAP;
  }

  public static HeatMapLayout of(List<Segment> segments, Options options) {
    double room =
        Math.max(options.width - options.gutter - EDGE, COLUMN_CHOICES[0] * (double) MIN_CELL);
    var fitted = chooseGrid(segments, room, options.height);
    int cellWidth = Math.max(MIN_CELL, (int) Math.round(fitted.cellWidth * options.zoom));
    int cellHeight = Math.max(MIN_CELL, (int) Math.round(fitted.cellHeight * options.zoom));
    int columns = Math.max(1, Math.min(fitted.columns, (int) (room / cellWidth)));
    var grid = new Grid(columns, cellWidth, cellHeight);
    // What the tiles leave over goes to the labels, so that the map ends where its panel does.
    double gutter =
        options.gutter
            + Math.clamp(Math.floor(room - (double) columns * cellWidth), 0, MAX_WIDENING);
    var blocks = new ArrayList<Block>();
    double y = EDGE;
    int first = 0;
    AddressRange before = null;
    for (var segment : segments) {
      int count = segment.tiles();
      double rows = grid.rowsHeight(count);
      double height = Math.max(rows, MIN_BLOCK);
      double tilesY = y + Math.floor((height - rows) / 2);
      blocks.add(
          new Block(segment, leftOut(before, segment.range()), first, count, y, height, tilesY));
      y += height + gapHeight(segments.size());
      before = segment.range();
      first += count;
    }
    return new HeatMapLayout(List.copyOf(blocks), columns, cellWidth, cellHeight, gutter, y, first);
  }

  private static long leftOut(AddressRange before, AddressRange range) {
    return before == null || Long.compareUnsigned(range.from(), before.to()) < 0
        ? 0
        : range.from() - before.to();
  }

  /**
   * The number of tiles in a row is a power of two or three of them, so that rows start at round
   * addresses. Of those grids whose tiles are at most twice as high as wide or the other way round,
   * the one with the largest tiles at which the whole map still fits the height; where none fits,
   * the least high.
   */
  private static Grid chooseGrid(List<Segment> segments, double room, double height) {
    Grid best = null;
    var last = new Grid(COLUMN_CHOICES[0], MIN_CELL, MIN_CELL);
    for (int columns : COLUMN_CHOICES) {
      int cellWidth = Math.min(MAX_CELL, (int) (room / columns));
      if (cellWidth < MIN_CELL) break;
      last = new Grid(columns, cellWidth, cellWidth);
      int lowest = Math.max(MIN_CELL, Math.ceilDiv(cellWidth, 2));
      for (int high = Math.min(MAX_CELL, cellWidth * 2); high >= lowest; high--) {
        var grid = new Grid(columns, cellWidth, high);
        if (grid.height(segments) > height) continue;
        if (best == null || cellWidth * high > best.cellWidth * best.cellHeight) best = grid;
        break;
      }
    }
    return best == null ? last : best;
  }

  public double width() {
    return gutter + (double) columns * cellWidth;
  }

  /** How much of its cell a tile leaves free: none where tiles are small. */
  public int tileGap() {
    return Math.min(cellWidth, cellHeight) >= 7 ? 1 : 0;
  }

  public Optional<Block> blockOf(int tile) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      var block = blocks.get(middle);
      if (block.holds(tile)) return Optional.of(block);
      if (tile < block.first) high = middle - 1;
      else low = middle + 1;
    }
    return Optional.empty();
  }

  public Optional<Point> cornerOf(int tile) {
    return blockOf(tile)
        .map(
            block -> {
              int inBlock = tile - block.first;
              return new Point(
                  gutter + inBlock % columns * (double) cellWidth,
                  block.tilesY + inBlock / columns * (double) cellHeight);
            });
  }

  Optional<Block> blockAt(double y) {
    return blocks.stream().filter(b -> b.y <= y && y < b.y + b.height).findFirst();
  }

  /** The tile at a point, none in the gutter, in a gap or behind a segment's end. */
  public Optional<Integer> tileAt(double x, double y) {
    int column = (int) Math.floor((x - gutter) / cellWidth);
    if (column < 0 || column >= columns) return Optional.empty();
    return blockAt(y)
        .filter(block -> y >= block.tilesY)
        .map(block -> new int[] {block.first, inBlock(block, y, column), block.count})
        .filter(found -> found[1] < found[2])
        .map(found -> found[0] + found[1]);
  }

  private int inBlock(Block block, double y, int column) {
    return (int) ((y - block.tilesY) / cellHeight) * columns + column;
  }

  /** The addresses of a tile; the last tile of a segment may be cut short. */
  public Optional<AddressRange> rangeOf(int tile) {
    return blockOf(tile)
        .map(
            block -> {
              long bytes = block.segment.wholeTileBytes();
              long from = block.range().from() + (tile - block.first) * bytes;
              boolean whole = Long.compareUnsigned(block.range().to() - from, bytes) >= 0;
              return new AddressRange(from, whole ? from + bytes : block.range().to());
            });
  }

  public Optional<Integer> tileOf(long address) {
    return blocks.stream()
        .filter(block -> block.range().contains(address))
        .findFirst()
        .map(
            block ->
                block.first
                    + (int)
                        Long.divideUnsigned(
                            address - block.range().from(), block.segment.wholeTileBytes()));
  }

  /** The tiles that a range touches, whether it begins or ends in this map or not. */
  public Optional<Tiles> tilesOf(AddressRange range) {
    var touched = blocks.stream().filter(block -> block.range().overlaps(range)).toList();
    if (touched.isEmpty()) return Optional.empty();
    long begin = touched.getFirst().range().from();
    long end = touched.getLast().range().to();
    long from = Long.compareUnsigned(range.from(), begin) < 0 ? begin : range.from();
    long to = Long.compareUnsigned(range.to(), end) > 0 ? end : range.to();
    return tileOf(from).flatMap(first -> tileOf(to - 1).map(last -> new Tiles(first, last)));
  }

  /** What the tiles from one up to and with another cover, a run a row. */
  public List<Run> runs(Tiles marked) {
    var runs = new ArrayList<Run>();
    for (var block : blocks) {
      int first = Math.max(marked.first, block.first);
      int last = Math.min(marked.last, block.first + block.count - 1);
      for (int tile = first; tile <= last; ) {
        int inBlock = tile - block.first;
        int end = Math.min(last, block.first + (inBlock / columns + 1) * columns - 1);
        runs.add(
            new Run(
                gutter + inBlock % columns * (double) cellWidth,
                block.tilesY + inBlock / columns * (double) cellHeight,
                (end - tile + 1) * (double) cellWidth));
        tile = end + 1;
      }
    }
    return runs;
  }

  /** The next tile in a direction; over the edge of a block it goes on in the next one. */
  int neighbour(int tile, Way way) {
    return switch (way) {
      case LEFT -> Math.max(0, tile - 1);
      case RIGHT -> Math.min(tiles - 1, tile + 1);
      case UP, DOWN -> blockOf(tile).map(block -> above(block, tile, way == Way.DOWN)).orElse(tile);
    };
  }

  private int above(Block block, int tile, boolean down) {
    int inBlock = tile - block.first;
    int target = inBlock + (down ? columns : -columns);
    if (target >= 0 && target < block.count) return block.first + target;
    boolean cutRow = down && inBlock / columns < (block.count - 1) / columns;
    if (cutRow) return block.first + block.count - 1;
    int step = down ? 1 : -1;
    for (int at = blocks.indexOf(block) + step; at >= 0 && at < blocks.size(); at += step) {
      var next = blocks.get(at);
      if (next.count == 0) continue;
      int column = inBlock % columns;
      int entered = down ? column : (next.count - 1) / columns * columns + column;
      return next.first + Math.min(entered, next.count - 1);
    }
    return tile;
  }

  static String sizeOf(AddressRange range) {
    return org.heapatlas.eclipse.view.Format.bytes(Address.toDouble(range.length()));
  }
}
