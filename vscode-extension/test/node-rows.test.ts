// What the list of nodes says of each, from rows of the table.
import assert from "node:assert/strict";
import test from "node:test";
import { nodeOf } from "../src/sidebar/node-rows.ts";
import { parseFrame, type TableData } from "../widgets/protocol.ts";

function table(...rows: readonly (readonly [string, string, number, number])[]): TableData {
  const columns = ["node", "state", "processes", "lost"].map((id) => ({ id }));
  const cells = rows.map(([node, state, processes, lost]) => ({
    id: node,
    cells: [{ text: node }, { text: state }, { number: processes }, { number: lost }],
  }));
  const frame = parseFrame({ widget: "table", data: { columns, rows: cells } });
  assert.ok(frame.widget === "table" && frame.data !== undefined);
  return frame.data;
}

test("a node that answers says how many processes it watches, and what was lost", () => {
  const { rows, columns } = table(["a:1", "answers", 2, 0], ["b:1", "replayed", 1, 12_345]);
  const [good, lossy] = rows.map((row) => nodeOf(row, columns));
  assert.deepEqual(good, { name: "a:1", description: "answers · 2 processes", healthy: true, lossless: true });
  assert.equal(lossy?.description, "replayed · 1 process · 12.3 k lost");
  assert.equal(lossy.lossless, false);
});

test("a node that is silent says why, and nothing else", () => {
  const { rows, columns } = table(["a:1", "a:1 does not answer", 3, 0]);
  const [silent] = rows.map((row) => nodeOf(row, columns));
  assert.equal(silent?.healthy, false);
  assert.equal(silent.description, "a:1 does not answer");
});
