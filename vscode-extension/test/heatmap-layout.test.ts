import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeatMapLayout, tilesOf } from "../widgets/heatmap-layout.ts";
import type { Segment } from "../widgets/protocol.ts";

const PAGE = 4096;
function segment(from: bigint, bytes: number, tileBytes = PAGE): Segment {
  return {
    from: `0x${from.toString(16)}`,
    to: `0x${(from + BigInt(bytes)).toString(16)}`,
    tileBytes,
    label: "",
    kind: "",
  };
}
const TWO = [segment(0x1000n, 100 * PAGE), segment(0x7fff00000000n, 10 * PAGE + 1)];
const OPTIONS = { width: 500, height: 300, gutter: 100, zoom: 1 };

describe("the heat map's layout", () => {
  it("counts a cut tile at the end of a segment", () => {
    assert.equal(tilesOf(segment(0n, PAGE + 1)), 2);
    assert.equal(tilesOf(segment(0n, 0)), 0);
  });

  it("finds every tile again at the middle of its own cell", () => {
    const layout = HeatMapLayout.of(TWO, OPTIONS);
    assert.equal(layout.tiles, 111);
    for (let tile = 0; tile < layout.tiles; tile++) {
      const corner = layout.cornerOf(tile);
      assert.ok(corner);
      assert.equal(layout.tileAt(corner.x + layout.cellWidth / 2, corner.y + layout.cellHeight / 2), tile);
    }
  });

  it("has in sight between two heights just the tiles of the rows there", () => {
    const layout = HeatMapLayout.of(TWO, OPTIONS);
    const [one, two] = layout.blocks;
    assert.ok(one && two && layout.cellHeight > 2);
    assert.deepEqual(layout.tilesBetween(0, layout.height), { first: 0, end: 111 });
    const second = one.tilesY + layout.cellHeight;
    assert.deepEqual(layout.tilesBetween(second, second + 1), { first: layout.columns, end: 2 * layout.columns });
    assert.deepEqual(layout.tilesBetween(second - 1, second + 1), { first: 0, end: 2 * layout.columns });
    assert.deepEqual(layout.tilesBetween(two.tilesY, layout.height), { first: 100, end: 111 });
    assert.deepEqual(layout.tilesBetween(layout.height + 1, layout.height + 99), { first: 0, end: 0 });
  });

  it("has no tile in the gutter, behind a segment's end, between segments or outside", () => {
    const layout = HeatMapLayout.of(TWO, OPTIONS);
    const last = layout.cornerOf(layout.tiles - 1);
    const second = layout.blocks[1];
    assert.ok(last && second);
    assert.equal(layout.tileAt(layout.gutter - 1, 1), undefined);
    assert.equal(layout.tileAt(last.x + layout.cellWidth + 1, last.y + 1), undefined);
    assert.equal(layout.tileAt(layout.gutter + 1, second.y - 1), undefined);
    assert.equal(layout.tileAt(layout.gutter + 1, -1), undefined);
    assert.equal(layout.tileAt(layout.gutter + 1, layout.height + 50), undefined);
  });

  it("knows addresses above 2^53 to the byte and ends the last tile with its segment", () => {
    const layout = HeatMapLayout.of(TWO, OPTIONS);
    const last = layout.rangeOf(110);
    assert.equal(last?.from, 0x7fff00000000n + 10n * 4096n);
    assert.equal(last.length, 1n);
    assert.equal(layout.tileOf(0x7fff00000000n + 10n * 4096n), 110);
    assert.equal(layout.tileOf(0x7fff00000000n + 10n * 4096n + 1n), undefined);
  });

  it("knows what is left out between two blocks, and which tiles a range touches", () => {
    const layout = HeatMapLayout.of(TWO, OPTIONS);
    assert.equal(layout.blocks[0]?.leftOut, 0n);
    assert.equal(layout.blocks[1]?.leftOut, 0x7fff00000000n - (0x1000n + 100n * 4096n));
    assert.deepEqual(layout.tilesOf(0x2010n, 0x4001n), { first: 1, last: 3 });
    assert.deepEqual(layout.tilesOf(0n, 0x8000_0000_0000n), { first: 0, last: 110 });
    assert.equal(layout.tilesOf(0x6000_0000_0000n, 0x6000_0000_1000n), undefined);
  });

  it("starts rows at round addresses: a power of two of tiles in each, or three", () => {
    for (const width of [360, 500, 777, 1900, 3800]) {
      const { columns } = HeatMapLayout.of([segment(0n, 5000 * PAGE)], { ...OPTIONS, width });
      assert.ok(Math.log2(columns) % 1 === 0 || Math.log2(columns / 3) % 1 === 0, `${columns} columns`);
    }
  });

  it("fits the width always, and the height where tiles of four pixels can", () => {
    for (const width of [360, 700, 1900, 3800]) {
      for (const tiles of [1, 64, 2000, 100_000]) {
        const layout = HeatMapLayout.of([segment(0n, tiles * PAGE)], { ...OPTIONS, width, height: 600 });
        assert.ok(layout.width <= width, `${layout.width} ≤ ${width}`);
        if (tiles <= 2000) assert.ok(layout.height <= 620, `${layout.height} for ${tiles} at ${width}`);
      }
    }
  });

  it("moves over the edge of a block into the next one, and stays at the ends", () => {
    const layout = HeatMapLayout.of(TWO, OPTIONS);
    assert.equal(layout.neighbour(99, "right"), 100);
    assert.equal(layout.neighbour(100, "left"), 99);
    assert.equal(layout.neighbour(0, "left"), 0);
    assert.equal(layout.neighbour(110, "right"), 110);
    assert.equal(layout.neighbour(0, "up"), 0);
    assert.equal(layout.blockOf(layout.neighbour(99, "down")), layout.blocks[1]);
    assert.equal(layout.blockOf(layout.neighbour(100, "up")), layout.blocks[0]);
  });

  it("steps down into a shorter last row instead of over it", () => {
    const layout = HeatMapLayout.of([segment(0n, 10 * PAGE)], { ...OPTIONS, width: 140 });
    assert.equal(layout.columns, 8);
    assert.equal(layout.neighbour(7, "down"), 9);
  });

  it("covers a range with one rectangle a row", () => {
    const layout = HeatMapLayout.of(TWO, OPTIONS);
    const runs = layout.runs(layout.columns - 1, layout.columns + 1);
    assert.deepEqual(
      runs.map((run) => run.width / layout.cellWidth),
      [1, 2],
    );
    const all = layout.runs(0, layout.tiles - 1);
    assert.equal(
      all.reduce((sum, run) => sum + run.width / layout.cellWidth, 0),
      layout.tiles,
    );
  });

  it("holds no tile when there is no segment", () => {
    const layout = HeatMapLayout.of([], OPTIONS);
    assert.equal(layout.tiles, 0);
    assert.equal(layout.tileAt(200, 0), undefined);
    assert.equal(layout.blockOf(0), undefined);
  });
});
