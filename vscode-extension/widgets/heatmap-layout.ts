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
  /** The index of its first tile among all tiles. */
  readonly first: number;
  readonly count: number;
  readonly y: number;
  readonly height: number;
}

const MIN_CELL = 4;
const MAX_CELL = 22;
const MIN_BLOCK = 17;
const BLOCK_GAP = 3;
const COLUMN_CHOICES = [8, 16, 32, 64, 128, 256, 512] as const;

export function tilesOf(segment: Segment): number {
  const tile = BigInt(Math.round(segment.tileBytes));
  const length = fromWire(segment.to) - fromWire(segment.from);
  return length <= 0n ? 0 : Number((length + tile - 1n) / tile);
}

function blockHeight(count: number, columns: number, cell: number): number {
  return Math.max(Math.ceil(count / columns) * cell, MIN_BLOCK);
}

function totalHeight(counts: readonly number[], columns: number, cell: number): number {
  return counts.reduce((sum, count) => sum + blockHeight(count, columns, cell) + BLOCK_GAP, 0);
}

/**
 * The number of tiles in a row is a power of two, so that rows start at round addresses; of those, the one with the
 * largest tiles at which the whole map still fits the height, or else the least high.
 */
function chooseColumns(counts: readonly number[], room: number, height: number): { columns: number; cell: number } {
  const choices = COLUMN_CHOICES.map((columns) => ({ columns, cell: Math.min(MAX_CELL, Math.floor(room / columns)) })).filter(
    (choice) => choice.cell >= MIN_CELL,
  );
  const fits = choices.find(
    ({ columns, cell }) => totalHeight(counts, columns, cell) <= height && columns * cell > room * 0.7,
  );
  return fits ?? choices.at(-1) ?? { columns: COLUMN_CHOICES[0], cell: MIN_CELL };
}

export class HeatMapLayout {
  private constructor(
    readonly blocks: readonly Block[],
    readonly columns: number,
    readonly cell: number,
    readonly gutter: number,
    readonly height: number,
    readonly tiles: number,
  ) {}

  static of(segments: readonly Segment[], options: LayoutOptions): HeatMapLayout {
    const counts = segments.map(tilesOf);
    const room = Math.max(options.width - options.gutter, COLUMN_CHOICES[0] * MIN_CELL);
    const fitted = chooseColumns(counts, room, options.height);
    const cell = Math.max(MIN_CELL, Math.round(fitted.cell * options.zoom));
    const columns = Math.max(1, Math.min(fitted.columns, Math.floor(room / cell)));
    let [y, first] = [0, 0];
    const blocks = segments.map((segment, index) => {
      const count = counts[index] ?? 0;
      const range = AddressRange.ofWire(segment.from, segment.to);
      const block = { segment, range, first, count, y, height: blockHeight(count, columns, cell) };
      y += block.height + BLOCK_GAP;
      first += count;
      return block;
    });
    return new HeatMapLayout(blocks, columns, cell, options.gutter, y, first);
  }

  get width(): number {
    return this.gutter + this.columns * this.cell;
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

  /** The upper left corner of a tile. */
  cornerOf(tile: number): { readonly x: number; readonly y: number } | undefined {
    const block = this.blockOf(tile);
    if (block === undefined) return undefined;
    const inBlock = tile - block.first;
    return {
      x: this.gutter + (inBlock % this.columns) * this.cell,
      y: block.y + Math.floor(inBlock / this.columns) * this.cell,
    };
  }

  /** The tile at a point, none in the gutter, in a gap or behind a segment's end. */
  tileAt(x: number, y: number): number | undefined {
    const column = Math.floor((x - this.gutter) / this.cell);
    if (column < 0 || column >= this.columns) return undefined;
    const block = this.blockAt(y);
    if (block === undefined) return undefined;
    const inBlock = Math.floor((y - block.y) / this.cell) * this.columns + column;
    return inBlock < block.count ? block.first + inBlock : undefined;
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
