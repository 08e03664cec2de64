import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ContractError } from "../widgets/json.ts";
import { mergeFrame, parseFrame, parseOpened, parsePushed, parseViews } from "../widgets/protocol.ts";
import { sampleFrame, sampleViews } from "./sample-frames.ts";

describe("the view contract", () => {
  it("takes every sample frame, with data, empty and failed", () => {
    const views = parseViews(sampleViews);
    assert.equal(views.length, 7);
    for (const { id, widget } of views) {
      const frame = parseFrame(sampleFrame(id, "data", 1));
      assert.equal(frame.widget, widget);
      assert.ok(frame.data !== undefined);
      assert.ok(parseFrame(sampleFrame(id, "empty", 0)).empty.length > 0);
      assert.ok(parseFrame(sampleFrame(id, "error", 0)).error.length > 0);
    }
  });

  it("reads absent fields as proto3's defaults", () => {
    const frame = parseFrame({ widget: "table", data: { columns: [{ id: "a" }], rows: [{}] } });
    assert.equal(frame.title, "");
    assert.ok(frame.widget === "table" && frame.data);
    assert.equal(frame.data.total, 0);
    assert.deepEqual(frame.data.rows[0]?.cells, []);
  });

  it("takes a document's blocks by their kinds alone, and no other", () => {
    const blocks = [
      { kind: "heading", level: 7, text: "<i>as it stands</i>" },
      { kind: "links", links: [{}] },
    ];
    const frame = parseFrame({ widget: "document", data: { blocks } });
    assert.ok(frame.widget === "document" && frame.data);
    assert.deepEqual(frame.data.blocks[0], { kind: "heading", level: 3, text: "<i>as it stands</i>" });
    assert.throws(() => parseFrame({ widget: "document", data: { blocks: [{ kind: "html" }] } }), ContractError);
  });

  it("takes a scene whose columns are of one length, and no other", () => {
    const columns = { x: [0], z: [0], height: [1], amount: [2], value: [3], targets: ["0x0-0x10"] };
    const scene = (boxes: object): object => ({ widget: "scene", data: { boxes } });
    const frame = parseFrame(scene(columns));
    assert.ok(frame.widget === "scene" && frame.data?.boxes.targets.length === 1);
    assert.throws(
      () => parseFrame(scene({ ...columns, amount: [] })),
      (error) => error instanceof ContractError && error.message.includes("boxes.amount"),
    );
  });

  it("finds a row's call stack in the lines that its table has once", () => {
    const table = (detail: unknown[]): object => ({
      widget: "table",
      data: { rows: [{ detail }], lines: [{ function: "main" }, { function: "grow" }] },
    });
    const frame = parseFrame(table([1, 0]));
    assert.ok(frame.widget === "table");
    assert.deepEqual(
      frame.data?.rows[0]?.detail.map((line) => line.function),
      ["grow", "main"],
    );
    for (const wrong of [2, -1, 0.5, "0", null]) {
      assert.throws(() => parseFrame(table([wrong])), /'frame\.data\.rows\[0\]\.detail\[0\]'/);
    }
  });

  it("reads null in a series as a value that is not known", () => {
    const frame = parseFrame({ widget: "chart", data: { x: [0, 1], series: [{ id: "a", values: [null, 2] }] } });
    assert.ok(frame.widget === "chart" && frame.data);
    assert.ok(Number.isNaN(frame.data.series[0]?.values[0]));
  });

  it("names the place of what does not keep it", () => {
    const wrong = { widget: "heatmap", data: { segments: [], metrics: [], values: [[1, "x"]] } };
    assert.throws(
      () => parseFrame(wrong),
      (error) => error instanceof ContractError && error.message.includes("values[0][1]"),
    );
    assert.throws(() => parseFrame("frame"), ContractError);
    assert.throws(() => parseFrame({ widget: "table", data: { rows: 5 } }), /'frame\.data\.rows'/);
  });

  it("refuses addresses that are numbers, and tiles of no size, which would never end", () => {
    const segment = { from: "0x1000", to: "0x2000", tileBytes: 4096 };
    const map = (change: object): object => ({ widget: "heatmap", data: { segments: [{ ...segment, ...change }] } });
    assert.doesNotThrow(() => parseFrame(map({})));
    assert.throws(() => parseFrame(map({ from: 4096 })), ContractError);
    assert.throws(() => parseFrame(map({ from: "4096" })), ContractError);
    assert.throws(() => parseFrame(map({ tileBytes: 0 })), ContractError);
    assert.throws(() => parseFrame(map({ from: "0x3000" })), ContractError);
    assert.throws(() => parseFrame(map({ to: "0xffffffffffff0000", tileBytes: 1 })), ContractError);
  });

  it("keeps the name of a widget kind that it does not know", () => {
    const frame = parseFrame({ widget: "hologram", title: "Heap", data: { any: 1 } });
    assert.ok(frame.widget === "unknown" && frame.kind === "hologram");
  });

  it("lays a delta over its frame, in its data too", () => {
    const before = { widget: "table", title: "A", data: { total: 1, rows: [1] } };
    assert.deepEqual(mergeFrame(before, { data: { total: 2 } }), {
      widget: "table",
      title: "A",
      data: { total: 2, rows: [1] },
    });
    assert.deepEqual(mergeFrame(before, { empty: "gone", data: null }), {
      widget: "table",
      title: "A",
      empty: "gone",
      data: null,
    });
    assert.deepEqual(mergeFrame(undefined, before), before);
  });

  it("takes an opened view whose frame comes later", () => {
    assert.deepEqual(parseOpened({ handle: "h" }), { handle: "h", frame: undefined });
    assert.equal(parsePushed({ handle: "h", sequence: 3, full: true, frame: {} }).sequence, 3);
  });
});
