import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { recordsCsv } from "../widgets/records-csv.ts";

describe("any widget's data as CSV", () => {
  it("are a table for each list of records, with a column for each plain field", () => {
    const data = {
      figures: [
        { title: "Live, now", value: 3, spark: new Float64Array(2) },
        { title: "Rate", unit: "/s", live: true },
      ],
      notices: ["not a record"],
      marks: [{ at: 5 }],
    };
    assert.equal(recordsCsv(data), 'title,value,unit,live\n"Live, now",3,,\nRate,,/s,true\n\nat\n5\n');
  });

  it("are nothing where there is no list", () => assert.equal(recordsCsv({ text: "a" }), ""));
});
