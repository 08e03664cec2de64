import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keyAction } from "../widgets/hex-keys.ts";
import { Edit, HexModel, pointerAt, spanTitle, stringAt, valuesAt } from "../widgets/hex-model.ts";
import { AskedWindow } from "../widgets/hex-window.ts";
import { parseFrame } from "../widgets/protocol.ts";
import { bytesFrame, SampleMemory } from "./sample-bytes.ts";

const frameOf = (change: object = {}): object => {
  const frame = bytesFrame(new SampleMemory(), 0, true) as { readonly data: object };
  return { ...frame, data: { ...frame.data, ...change } };
};

function modelOf(change: object = {}): HexModel {
  const frame = parseFrame(frameOf(change));
  assert.ok(frame.widget === "hex" && frame.data);
  return new HexModel(frame.data);
}

/** A window of its own, without spans. */
function bytes(data: readonly number[]): HexModel {
  return modelOf({
    data: Buffer.from(data).toString("base64"),
    unreadable: [],
    changed: [],
    spans: [],
    pointers: [],
  });
}

describe("the data of a window of bytes", () => {
  it("is refused by name where it does not keep the contract", () => {
    for (const [change, place] of [
      [{ from: "here" }, /data.from/],
      [{ columns: 0 }, /data.columns/],
      [{ data: "%%%" }, /data.data/],
      [{ unreadable: [{ at: 4096, length: 1 }] }, /data.at/],
      [{ spans: [{ from: "0x20", to: "0x10" }] }, /data.to/],
      [{ pointers: [{ at: -1, target: "0x10" }] }, /data.at/],
    ] as const) {
      assert.throws(() => parseFrame(frameOf(change)), place);
    }
  });

  it("takes a kind of span that came later for something that lies there", () => {
    const model = modelOf({ spans: [{ from: "0x55d0c2a01000", to: "0x55d0c2a01010", kind: "ghost", owner: "x" }] });
    assert.equal(model.spanAt(0)?.kind, "region");
  });
});

describe("a window of bytes", () => {
  it("outlines a block where it ends, and says whose a byte is", () => {
    const model = modelOf();
    assert.deepEqual(model.edges(0x20), { top: true, bottom: false, left: true, right: false });
    assert.deepEqual(model.edges(0x57), { top: false, bottom: true, left: false, right: true });
    assert.equal(model.edges(0x00), undefined);
    assert.match(model.sentence(0x21), /^0x55d0c2a01021: 0x65 'e'; byte 1 of 56 B by sdsnewlen/);
    assert.match(model.sentence(0x62), /changed in the last 2 s; byte 2 of freed: 60 B by zmalloc_usable/);
    assert.match(model.sentence(0x00), /No block, a block's header, or free, or not recorded$/);
    assert.equal(model.owners.length, 3);
  });

  it("shows no letter and no value of what could not be read", () => {
    const model = modelOf({ unreadable: [{ at: 2, length: 6 }] });
    assert.equal(model.byteText(2), "··");
    assert.equal(model.letter(2), " ");
    assert.equal(valuesAt(model, 0).find(({ type }) => type === "u16")?.text, "1792");
    assert.equal(valuesAt(model, 0).find(({ type }) => type === "u32")?.text, "–");
    assert.match(model.sentence(2), /not readable/);
  });

  it("reads the bytes under the cursor as every type, the lowest byte first", () => {
    const model = bytes([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xef, 0xbf]);
    const values = Object.fromEntries(valuesAt(model, 0).map(({ type, text }) => [type, text]));
    assert.deepEqual(values, {
      u8: "255",
      i8: "-1",
      u16: "65535",
      i16: "-1",
      u32: "4294967295",
      i32: "-1",
      u64: "13830554455654793215",
      i64: "-4616189618054758401",
      f32: "NaN",
      f64: "-1",
    });
    assert.equal(valuesAt(bytes([0xcd, 0xcc, 0xcc, 0x3d]), 0).find(({ type }) => type === "f32")?.text, "0.1");
  });

  it("knows a pointer by any byte of its word, and reads one where none is known", () => {
    const model = modelOf();
    assert.deepEqual(pointerAt(model, 0x4b), { value: "0x55d0c2a01820", into: "1.5 KiB by dictExpand + 0x20" });
    assert.equal(model.wordAt(0x4b), 0x48);
    assert.equal(model.wordAt(0x31), 0x31);
    assert.deepEqual(pointerAt(bytes([1, 2, 0, 0, 0, 0, 0, 0]), 0), { value: "0x201", into: "" });
    assert.deepEqual(pointerAt(bytes([1, 2]), 0), { value: "–", into: "" });
  });

  it("reads text up to its zero, without what would break a line", () => {
    assert.equal(stringAt(modelOf(), 0x20), '"redis:key:0000004711"');
    assert.equal(stringAt(bytes([0x61, 0x0a, 0xc3, 0xa4, 0x62]), 0), '"a·äb"…');
    assert.equal(stringAt(bytes([0]), 0), '""');
  });

  it("copies bytes as hex", () => {
    assert.equal(modelOf().copied(0x20, 0x23), "72 65 64 69");
  });

  it("is copied as a line a row, with the owners of its bytes", () => {
    const span = { size: 4, text: "" };
    const model = modelOf({
      from: "0x100",
      columns: 8,
      data: Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).toString("base64"),
      unreadable: [{ at: 9, length: 1 }],
      changed: [],
      pointers: [],
      spans: [
        { ...span, from: "0xf8", to: "0x104", kind: "live", owner: "put, get" },
        { ...span, from: "0x104", to: "0x108", kind: "freed", owner: "drop" },
      ],
    });
    assert.deepEqual(model.csv().split("\n"), [
      "address,bytes,owners",
      '0x100,01 02 03 04 05 06 07 08,"put, get; freed: drop"',
      "0x108,09 ··,",
      "",
    ]);
  });

  it("names a block by size and owner", () => {
    const [, live, , freed] = modelOf().data.spans;
    assert.ok(live && freed);
    assert.equal(spanTitle(live), "56 B by sdsnewlen ← createStringObject");
    assert.equal(spanTitle(freed), "freed: 60 B by zmalloc_usable ← dictAddRaw");
  });
});

describe("the window that is asked for", () => {
  const begun = { columns: 16, rows: 24 };
  const ours = { columns: 8, rows: 30 };

  it("is asked for once, and again of a view that was opened anew, whatever its journeys", () => {
    for (const visit of [1, 2, 3]) {
      const asked = new AskedWindow();
      asked.show(begun, 2);
      assert.ok(asked.wants(ours));
      asked.show(begun, 2);
      assert.ok(!asked.wants(ours), "the answer is on its way");
      asked.show(ours, 2);
      assert.ok(!asked.wants(ours));
      asked.show(begun, visit);
      assert.ok(asked.wants(ours), `opened anew, with ${visit} journeys`);
    }
  });

  it("is asked for again of a view that was opened anew before it answered", () => {
    const asked = new AskedWindow();
    asked.show(begun, 2);
    assert.ok(asked.wants(ours));
    asked.show(begun, 1);
    assert.ok(asked.wants(ours));
  });

  it("is not asked for when it is there, nor on and on when it is not granted", () => {
    const asked = new AskedWindow();
    asked.show(ours, 1);
    assert.ok(!asked.wants(ours));
    const large = { columns: 16, rows: 200 };
    assert.ok(asked.wants(large));
    const most = { columns: 16, rows: 128 };
    let times = 0;
    for (let frame = 0; frame < 10; frame++) {
      asked.show(most, 1);
      if (asked.wants(large)) times++;
    }
    assert.equal(times, 1);
  });
});

describe("an edit of bytes", () => {
  it("grows by digits, is whole with two to a byte, and shrinks to nothing", () => {
    const edit = new Edit(0x10n, "").typed("A").typed("b").typed("7");
    assert.equal(edit.bytes, 2);
    assert.ok(!edit.isWhole && edit.typed("f").isWhole);
    assert.equal(edit.textAt(0x10n), "ab");
    assert.equal(edit.textAt(0x11n), "7_");
    assert.equal(edit.textAt(0x12n), undefined);
    assert.equal(edit.textAt(0x0fn), undefined);
    assert.equal(edit.shortened()?.shortened()?.shortened(), undefined);
  });
});

describe("a key on the bytes", () => {
  const press = (key: string, held: object = {}): unknown =>
    keyAction({ key, ctrlKey: false, metaKey: false, altKey: false, ...held }, 16);

  it("moves, pages, asks for a place, types", () => {
    assert.deepEqual(press("ArrowDown"), { kind: "move", by: 16n });
    assert.deepEqual(press("PageUp"), { kind: "page", by: -1 });
    assert.deepEqual(press("End", { ctrlKey: true }), { kind: "mapping", end: true });
    assert.deepEqual(press("g", { ctrlKey: true }), { kind: "go" });
    assert.deepEqual(press("f", { metaKey: true }), { kind: "search" });
    assert.deepEqual(press("ArrowLeft", { altKey: true }), { kind: "back" });
    assert.deepEqual(press("f"), { kind: "digit", digit: "f" });
    assert.equal(press("g"), undefined);
    assert.equal(press("a", { ctrlKey: true }), undefined);
  });
});
