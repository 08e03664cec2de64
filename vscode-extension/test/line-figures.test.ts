// What stands behind a source line, from rows of call sites.
import assert from "node:assert/strict";
import test from "node:test";
import { lineFigures } from "../src/editor/line-figures.ts";
import { parseFrame, type TableData } from "../widgets/protocol.ts";
import { withLines, type StackedRow } from "./sample-sites.ts";

function table(columns: readonly string[], rows: readonly StackedRow[]): TableData {
  const data = { columns: columns.map((id) => ({ id })), ...withLines(rows) };
  const frame = parseFrame({ widget: "table", data });
  assert.ok(frame.widget === "table" && frame.data !== undefined);
  return frame.data;
}

const columns = ["function", "liveBytes", "liveAllocations", "rate"];
const cells = (bytes: number, count: number, rate: number): unknown[] => [
  { text: "f" },
  { number: bytes },
  { number: count },
  { number: rate },
];
const line = (path: string, at: number): object => ({ function: "f", path, line: at });

test("a line has what all call sites below it hold", () => {
  const files = lineFigures(
    table(columns, [
      { cells: cells(100, 1, 5), detail: [line("/a.cc", 10), line("/main.cc", 3)] },
      { cells: cells(50, 2, 0), detail: [line("/a.cc", 20), line("/main.cc", 3)] },
    ]),
  );
  assert.ok(files);
  assert.deepEqual(files.get("/main.cc")?.get(3), { liveBytes: 150, liveAllocations: 3, rate: 5, callSites: 2 });
  assert.equal(files.get("/a.cc")?.get(20)?.liveBytes, 50);
});

test("a function that calls itself counts a call site once", () => {
  const files = lineFigures(table(columns, [{ cells: cells(8, 1, 0), detail: [line("/r.cc", 7), line("/r.cc", 7)] }]));
  assert.deepEqual(files?.get("/r.cc")?.get(7), { liveBytes: 8, liveAllocations: 1, rate: 0, callSites: 1 });
});

test("frames without a source line, and tables that are none of call sites, say nothing", () => {
  const files = lineFigures(table(columns, [{ cells: cells(8, 1, 0), detail: [line("", 0)] }]));
  assert.equal(files?.size, 0);
  assert.equal(lineFigures(table(["kind", "when"], [])), undefined);
});
