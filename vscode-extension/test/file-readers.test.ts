import assert from "node:assert/strict";
import { test } from "node:test";
import { readersOf } from "../src/views/file-readers.ts";

test("a file of rows is read by pandas and by R, whatever its name", () => {
  const [pandas, r] = readersOf('/tmp/top "sites".CSV');
  assert.equal(pandas?.code, 'import pandas\n\nrows = pandas.read_csv("/tmp/top \\"sites\\".CSV")\n');
  assert.equal(r?.code, 'rows <- read.csv("/tmp/top \\"sites\\".CSV")\n');
});

test("each format has a reader of its own, and what is none has no reader", () => {
  const calls = ["a.csv", "a.parquet", "a.xlsx", "a.json", "a.txt", "rows"].map(
    (path) => readersOf(path)[0]?.code.match(/read_\w+/)?.[0] ?? "",
  );
  assert.deepEqual(calls, ["read_csv", "read_parquet", "read_excel", "read_json", "", ""]);
});
