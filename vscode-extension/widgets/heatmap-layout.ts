// Where each tile of a heat map stands, and which tile stands at a point; plain geometry, no canvas.
// Main entry: HeatMapLayout.of. Called by heatmap.ts. Coordinate space: CSS pixels from the map's upper left corner,
// gutter included, before scrolling. Each segment is a block of whole rows; rows × columns hold its tiles in address order.
import { AddressRange, fromWire } from "./address.ts";
import type { Segment } from "./protocol.ts";

export interface LayoutOptions {
  readonly width: number;
  readonly height: number;
  /** Room for the labels at the left. */
  readonly gutter: number;
  /** 1 fits the map into the height where it can; more enlarges the tiles. */
  readonly zoom: number;
}

export interface Block {
  readonly segment: Segment;
  readonly range: AddressRange;
  /** The bytes of address space between the block before and this one, which are not drawn. */
  readonly leftOut: bigint;
  /** The index of its first tile among all tiles. */
  readonly first: number;
  readonly count: number;
  readonly y: number;
  readonly height: number;
  /** Where its first row of tiles starts: a block lower than a line of text has them in its middle. */
  readonly tilesY: number;
}

const MIN_CELL = 4;
const MAX_CELL = 22;
const MIN_BLOCK = 17;
/** Room between two blocks: for a line of text that says what is left out, or for a line where blocks are many. */
const [WORDY_GAP, NARROW_GAP] = [17, 7];
const MOST_WORDY = 24;
/** Room around the tiles for the cursor's outline. */
const EDGE = 3;
const MAX_WIDENING = 40;
const COLUMN_CHOICES = [8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512] as const;

export function tilesOf(segment: Segment): number {
  const tile = BigInt(Math.round(segment.tileBytes));
  const length = fromWire(segment.to) - fromWire(segment.from);
  return length <= 0n ? 0 : Number((length + tile - 1n) / tile);
}

interface Grid {
  readonly columns: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

function rowsHeight(count: number, grid: Grid): number {
  return Math.ceil(count / grid.columns) * grid.cellHeight;
}

export function gapHeight(blocks: number): number {
  return blocks > MOST_WORDY ? NARROW_GAP : WORDY_GAP;
}

function totalHeight(counts: readonly number[], grid: Grid): number {
  const gap = gapHeight(counts.length);
  return counts.reduce((sum, count) => sum + Math.max(rowsHeight(count, grid), MIN_BLOCK) + gap, EDGE);
}

/**
 * The number of tiles in a row is a power of two or three of them, so that rows start at round addresses. Of those grids whose tiles are
 * at most twice as high as wide or the other way round, the one with the largest tiles at which the whole map still fits
 * the height; where none fits, the least high.
 */
function chooseGrid(counts: readonly number[], room: number, height: number): Grid {
  let best: Grid | undefined;
  let last: Grid = { columns: COLUMN_CHOICES[0], cellWidth: MIN_CELL, cellHeight: MIN_CELL };
  for (const columns of COLUMN_CHOICES) {
    const cellWidth = Math.min(MAX_CELL, Math.floor(room / columns));
    if (cellWidth < MIN_CELL) break;
    last = { columns, cellWidth, cellHeight: cellWidth };
    const lowest = Math.max(MIN_CELL, Math.ceil(cellWidth / 2));
    for (let cellHeight = Math.min(MAX_CELL, cellWidth * 2); cellHeight >= lowest; cellHeight--) {
      const grid = { columns, cellWidth, cellHeight };
      if (totalHeight(counts, grid) > height) continue;
      if (best === undefined || cellWidth * cellHeight > best.cellWidth * best.cellHeight) best = grid;
      break;
    }
  }
  return best ?? last;
}

export class HeatMapLayout {
  private constructor(
    readonly blocks: readonly Block[],
    readonly columns: number,
    readonly cellWidth: number,
    readonly cellHeight: number,
    readonly gutter: number,
    readonly height: number,
    readonly tiles: number,
  ) {}

  static of(segments: readonly Segment[], options: LayoutOptions): HeatMapLayout {
    const counts = segments.map(tilesOf);
    const room = Math.max(options.width - options.gutter - EDGE, COLUMN_CHOICES[0] * MIN_CELL);
    const fitted = chooseGrid(counts, room, options.height);
    const cellWidth = Math.max(MIN_CELL, Math.round(fitted.cellWidth * options.zoom));
    const cellHeight = Math.max(MIN_CELL, Math.round(fitted.cellHeight * options.zoom));
    const columns = Math.max(1, Math.min(fitted.columns, Math.floor(room / cellWidth)));
    // What the tiles leave over goes to the labels, so that the map ends where its panel does.
    const gutter = options.gutter + Math.min(MAX_WIDENING, Math.max(0, Math.floor(room - columns * cellWidth)));
    let [y, first, end] = [EDGE, 0, undefined as bigint | undefined];
    const blocks = segments.map((segment, index) => {
      const count = counts[index] ?? 0;
      const range = AddressRange.ofWire(segment.from, segment.to);
      const rows = rowsHeight(count, { columns, cellWidth, cellHeight });
      const height = Math.max(rows, MIN_BLOCK);
      const leftOut = end === undefined || range.from < end ? 0n : range.from - end;
      const block = { segment, range, leftOut, first, count, y, height, tilesY: y + Math.floor((height - rows) / 2) };
      y += height + gapHeight(segments.length);
      end = range.to;
      first += count;
      return block;
    });
    return new HeatMapLayout(blocks, columns, cellWidth, cellHeight, gutter, y, first);
  }

  get width(): number {
    return this.gutter + this.columns * this.cellWidth;
  }

  blockOf(tile: number): Block | undefined {
    let [low, high] = [0, this.blocks.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const block = this.blocks[middle] as Block;
      if (tile < block.first) high = middle - 1;
      else if (tile >= block.first + block.count) low = middle + 1;
      else return block;
    }
    return undefined;
  }

  /** The tiles of all rows that reach between two heights, the end outside. */
  tilesBetween(top: number, bottom: number): { readonly first: number; readonly end: number } {
    const seen = this.blocks.map(({ first, count, tilesY }) => {
      const row = (y: number): number => Math.floor((y - tilesY) / this.cellHeight);
      const tiles = (rows: number): number => first + Math.min(Math.max(0, rows * this.columns), count);
      return { first: tiles(row(top)), end: tiles(row(bottom) + 1) };
    });
    const drawn = seen.filter(({ first, end }) => end > first);
    return { first: drawn[0]?.first ?? 0, end: drawn.at(-1)?.end ?? 0 };
  }

  /** The upper left corner of a tile. */
  cornerOf(tile: number): { readonly x: number; readonly y: number } | undefined {
    const block = this.blockOf(tile);
    if (block === undefined) return undefined;
    const inBlock = tile - block.first;
    return {
      x: this.gutter + (inBlock % this.columns) * this.cellWidth,
      y: block.tilesY + Math.floor(inBlock / this.columns) * this.cellHeight,
    };
  }

  /** The tile at a point, none in the gutter, in a gap or behind a segment's end. */
  tileAt(x: number, y: number): number | undefined {
    const column = Math.floor((x - this.gutter) / this.cellWidth);
    if (column < 0 || column >= this.columns) return undefined;
    const block = this.blockAt(y);
    if (block === undefined) return undefined;
    const inBlock = Math.floor((y - block.tilesY) / this.cellHeight) * this.columns + column;
    return y >= block.tilesY && inBlock < block.count ? block.first + inBlock : undefined;
  }

  blockAt(y: number): Block | undefined {
    let [low, high] = [0, this.blocks.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const block = this.blocks[middle] as Block;
      if (y < block.y) high = middle - 1;
      else if (y >= block.y + block.height) low = middle + 1;
      else return block;
    }
    return undefined;
  }

  /** The addresses of a tile; the last tile of a segment may be cut short. */
  rangeOf(tile: number): AddressRange | undefined {
    const block = this.blockOf(tile);
    if (block === undefined) return undefined;
    const bytes = BigInt(Math.round(block.segment.tileBytes));
    const from = block.range.from + BigInt(tile - block.first) * bytes;
    const to = from + bytes;
    return new AddressRange(from, to < block.range.to ? to : block.range.to);
  }

  /** The tile that holds an address. */
  tileOf(address: bigint): number | undefined {
    const block = this.blocks.find(({ range }) => range.contains(address));
    if (block === undefined) return undefined;
    return block.first + Number((address - block.range.from) / BigInt(Math.round(block.segment.tileBytes)));
  }

  /** The tiles that a range touches, whether it begins or ends in this map or not. */
  tilesOf(from: bigint, to: bigint): { readonly first: number; readonly last: number } | undefined {
    const touched = this.blocks.filter((block) => from < block.range.to && block.range.from < to);
    const [head, tail] = [touched[0], touched.at(-1)];
    if (head === undefined || tail === undefined) return undefined;
    const first = this.tileOf(from < head.range.from ? head.range.from : from);
    const last = this.tileOf((to > tail.range.to ? tail.range.to : to) - 1n);
    return first === undefined || last === undefined ? undefined : { first, last };
  }

  /** The rows of tiles from one up to and with another, as rectangles of one cell's height. */
  runs(from: number, to: number): { readonly x: number; readonly y: number; readonly width: number }[] {
    const runs: { x: number; y: number; width: number }[] = [];
    for (const block of this.blocks) {
      const first = Math.max(from, block.first);
      const last = Math.min(to, block.first + block.count - 1);
      for (let tile = first; tile <= last;) {
        const column = (tile - block.first) % this.columns;
        const count = Math.min(this.columns - column, last - tile + 1);
        const y = block.tilesY + Math.floor((tile - block.first) / this.columns) * this.cellHeight;
        runs.push({ x: this.gutter + column * this.cellWidth, y, width: count * this.cellWidth });
        tile += count;
      }
    }
    return runs;
  }

  /** The next tile in a direction of the keyboard; over the edge of a block it goes on in the next one. */
  neighbour(tile: number, key: "left" | "right" | "up" | "down"): number {
    if (key === "left") return Math.max(0, tile - 1);
    if (key === "right") return Math.min(this.tiles - 1, tile + 1);
    const block = this.blockOf(tile);
    if (block === undefined) return tile;
    const inBlock = tile - block.first;
    const column = inBlock % this.columns;
    const target = inBlock + (key === "down" ? this.columns : -this.columns);
    if (target >= 0 && target < block.count) return block.first + target;
    if (key === "down" && Math.floor(inBlock / this.columns) < Math.floor((block.count - 1) / this.columns)) {
      return block.first + block.count - 1;
    }
    return this.enter(this.blocks.indexOf(block), column, key) ?? tile;
  }

  private enter(from: number, column: number, key: "up" | "down"): number | undefined {
    const step = key === "down" ? 1 : -1;
    for (let at = from + step; at >= 0 && at < this.blocks.length; at += step) {
      const block = this.blocks[at] as Block;
      if (block.count === 0) continue;
      const lastRow = Math.floor((block.count - 1) / this.columns) * this.columns;
      const inBlock = key === "down" ? column : lastRow + column;
      return block.first + Math.min(inBlock, block.count - 1);
    }
    return undefined;
  }
}
