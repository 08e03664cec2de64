import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { groupOf, GroupColours } from "../widgets/flame-graph-colours.ts";
import type { FlameGraphData } from "../widgets/flame-graph-data.ts";
import { FlameModel } from "../widgets/flame-graph-model.ts";
import { foundSentence, nodeWords, sentenceOf } from "../widgets/flame-graph-words.ts";
import { ContractError } from "../widgets/json.ts";
import { parseFrame } from "../widgets/protocol.ts";
import { flames, WHOLE_GRAPH } from "./sample-flames.ts";

const FUNCTIONS = [
  { id: "0", name: "All" },
  { id: "1", name: "main", module: "/bin/app", path: "/src/app/main.c", line: 7 },
  { id: "2", name: "net::read", signature: "net::read(int)", module: "/bin/app" },
  { id: "3", name: "malloc", module: "/lib/libc.so.6" },
];

/** All 100: main 90, which calls net::read 60 and malloc 20 and keeps 10; two thin ones hold 10 beside it. */
const SMALL = {
  metrics: [
    { id: "bytes", title: "Live bytes", unit: "B" },
    { id: "count", title: "Allocations", unit: "count" },
  ],
  metric: "bytes",
  whole: [200, 20],
  functions: FUNCTIONS,
  depths: [0, 1, 2, 3, 2, 1],
  functionOf: [0, 1, 2, 3, 3, 0],
  folded: [0, 0, 0, 0, 0, 2],
  totals: [
    [100, 90, 60, 60, 20, 10],
    [10, 9, 6, 6, 2, 1],
  ],
};

function parsed(data: object): FlameGraphData {
  const frame = parseFrame({ widget: "flameGraph", data });
  assert.ok(frame.widget === "flameGraph" && frame.data);
  return frame.data;
}

describe("a flame graph", () => {
  const model = new FlameModel(parsed(SMALL));

  it("lies callees side by side below their caller, and leaves what it holds itself blank", () => {
    assert.deepEqual([...model.starts], [0, 0, 0, 0, 60, 90]);
    assert.deepEqual(model.rows, [[0], [1, 5], [2, 4], [3]]);
    assert.equal(model.own(1), 10);
    assert.equal(model.nodeAt(59, 2), 2);
    assert.equal(model.nodeAt(60, 2), 4);
    assert.equal(model.nodeAt(85, 2), undefined);
    assert.equal(model.nodeAt(10, 9), undefined);
  });

  it("leads by arrow keys to caller, callee and along the row", () => {
    assert.equal(model.step(4, "up"), 1);
    assert.equal(model.step(1, "down"), 2);
    assert.equal(model.step(2, "right"), 4);
    assert.equal(model.step(4, "left"), 2);
    assert.equal(model.step(0, "up"), 0);
    assert.equal(model.step(3, "down"), 3);
  });

  it("names a node by its way down, and finds it again in another frame", () => {
    assert.equal(model.target(3), "1.2.3");
    assert.equal(model.find("1.2.3"), 3);
    assert.equal(model.find("1.9.3"), 1);
    assert.equal(model.target(0), "");
    assert.equal(model.target(5), "", "thin ones are seen by zooming into their caller");
  });

  it("says what matches hold, each byte once, whatever the case", () => {
    assert.deepEqual([...(model.search("MALLOC")?.nodes ?? [])], [3, 4]);
    assert.equal(model.search("app")?.total, 90);
    assert.equal(model.search(" "), undefined);
    const found = model.search("malloc");
    assert.ok(found);
    assert.equal(foundSentence(model, found), "2 matches hold 80 B, 80 %");
    const none = model.search("nowhere");
    assert.ok(none);
    assert.match(foundSentence(model, none), /^Nothing matches/);
  });

  it("says name, amount and shares of all and of the caller, also of thin ones", () => {
    assert.equal(sentenceOf(model, 2), "net::read: 60 B, 30 % of all, 66.7 % of its caller");
    assert.equal(sentenceOf(model, 5), "2 thinner: 10 B, 5 % of all, 10 % of its caller");
    const words = nodeWords(model, 1);
    assert.equal(words.place, "main.c:7 · /bin/app");
    assert.deepEqual(
      words.figures.map(({ title, text }) => `${title} ${text}`),
      ["Live bytes 90 B", "Allocations 9", "Its own 10 B", "Of all 45 %", "Of its caller 90 %"],
    );
    assert.equal(nodeWords(model, 2).title, "net::read(int)");
  });

  it("is copied as a line a node: the stack down to it, and each metric's total", () => {
    assert.deepEqual(model.csv().split("\n"), [
      "stack,Live bytes (B),Allocations (count)",
      "All,100,10",
      "All;main,90,9",
      "All;main;net::read,60,6",
      "All;main;net::read;malloc,60,6",
      "All;main;malloc,20,2",
      "All;2 thinner,10,1",
      "",
    ]);
  });

  it("groups functions by module or package, and lets groups keep their colours", () => {
    const [, main, read, malloc] = model.data.functions;
    assert.ok(main && read && malloc);
    assert.deepEqual(
      [main, read, malloc].map((f) => groupOf(f, "module")),
      ["app", "app", "libc.so.6"],
    );
    assert.deepEqual(
      [main, read, malloc].map((f) => groupOf(f, "package")),
      ["app", "net", "libc.so.6"],
    );
    const colours = new GroupColours("module");
    assert.deepEqual(colours.assign(model), [
      { name: "app", colour: 0 },
      { name: "libc.so.6", colour: 1 },
    ]);
    const turned = { ...SMALL, totals: [[100, 90, 60, 60, 30, 10], SMALL.totals[1]], functionOf: [0, 3, 3, 3, 1, 0] };
    assert.deepEqual(colours.assign(new FlameModel(parsed(turned)))[0], { name: "libc.so.6", colour: 1 });
  });

  it("is placed within a tenth of a second with ten thousand nodes", () => {
    const data = parsed(flames(12_000, WHOLE_GRAPH));
    assert.ok(data.depths.length > 10_000);
    const start = performance.now();
    const large = new FlameModel(data);
    large.search("read");
    assert.ok(performance.now() - start < 100);
    assert.equal(large.nodeAt(0, 0), 0);
  });

  it("is refused where its columns are no tree", () => {
    for (const wrong of [
      { depths: [0, 2, 2, 3, 2, 1] },
      { depths: [0, 1, 2, 3, 2, 0] },
      { depths: [1, 1, 2, 3, 2, 1] },
      { depths: [0, 1, 2, 3, 2.5, 1] },
      { depths: [0, 1] },
      { functionOf: [0, 1, 2, 3, 9, 0] },
      { folded: [] },
      { metric: "colour" },
      { whole: [1] },
      { totals: [SMALL.totals[0]] },
      { totals: [[100, 90, 60, 60, 20, -10], SMALL.totals[1]] },
      { totals: [[100, 90, 60, 60, 20, null], SMALL.totals[1]] },
    ]) {
      assert.throws(() => parsed({ ...SMALL, ...wrong }), ContractError, JSON.stringify(wrong));
    }
    assert.equal(parsed({ ...SMALL, depths: [], functionOf: [], folded: [], totals: [[], []] }).depths.length, 0);
  });
});
