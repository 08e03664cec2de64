import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { arrange } from "../page/layout.ts";
import { AddressRange, isWireAddress, toWire } from "../widgets/address.ts";
import { axesOf, chartSentence, sideOf, valueRange, xText } from "../widgets/chart-model.ts";
import { HeatMapLayout } from "../widgets/heatmap-layout.ts";
import { legendTicks } from "../widgets/heatmap-legend.ts";
import { HeatMapModel, sentenceOf } from "../widgets/heatmap-model.ts";
import { parseFrame, type TableData } from "../widgets/protocol.ts";
import { sparkPath } from "../widgets/sparkline.ts";
import { barShare, cellText, tableCsv, windowFor } from "../widgets/table-model.ts";
import { instantText, lanePath, linesAt, timelineSentence, timeScale, valueAt } from "../widgets/timeline-model.ts";
import { sampleFrame } from "./sample-frames.ts";

function sampleTable(): TableData {
  const frame = parseFrame(sampleFrame("memory.sites", "data", 0));
  assert.ok(frame.widget === "table" && frame.data);
  return frame.data;
}

describe("an address range", () => {
  const range = new AddressRange(0x1000n, 0x2000n);
  it("ends before its end", () => {
    assert.ok(range.contains(0x1fffn) && !range.contains(0x2000n));
    assert.ok(!range.overlaps(new AddressRange(0x2000n, 0x3000n)));
    assert.equal(range.intersection(new AddressRange(0x1800n, 0x9000n))?.toString(), "0x1800–0x2000");
    assert.equal(range.span(new AddressRange(0x0n, 0x10n)).length, 0x2000n);
  });
  it("is told from other text, and goes back to it", () => {
    assert.ok(
      isWireAddress("0x7fff00000000") && !isWireAddress("7fff") && !isWireAddress("0x") && !isWireAddress("0x12g"),
    );
    assert.equal(toWire(0xffff_ffff_ffff_ffffn), "0xffffffffffffffff");
    assert.throws(() => new AddressRange(2n, 1n), /ends before it starts/);
  });
});

describe("the heat map's words", () => {
  const frame = parseFrame(sampleFrame("memory.map", "data", 0));
  assert.ok(frame.widget === "heatmap" && frame.data);
  const layout = HeatMapLayout.of(frame.data.segments, { width: 900, height: 500, gutter: 100, zoom: 1 });

  it("say segment, addresses, size and every metric of a tile", () => {
    const model = new HeatMapModel(frame.data as NonNullable<typeof frame.data>, frame.legend, undefined);
    const words = model.describe(layout, 30);
    assert.ok(words);
    assert.match(
      sentenceOf(words),
      /^heap, 0x[0-9a-f]+–0x[0-9a-f]+, 64 KiB: Live bytes .+, Allocations .+, Rate .+\.$/,
    );
  });

  it("say what is in memory of the regions that a tile touches, on each node where there are several", () => {
    const region = { from: "0x1000", to: "0x3000", label: "[heap]", kind: "heap", residentBytes: 8192 };
    const words = (regions: readonly object[]): readonly string[] => {
      const map = {
        segments: [{ from: "0x1000", to: "0x5000", tileBytes: 16384 }],
        metrics: [],
        values: [],
        regions,
      };
      const frame = parseFrame({ widget: "heatmap", data: map });
      assert.ok(frame.widget === "heatmap" && frame.data);
      const layout = HeatMapLayout.of(frame.data.segments, { width: 900, height: 500, gutter: 100, zoom: 1 });
      const described = new HeatMapModel(frame.data, undefined, undefined).describe(layout, 0);
      return described?.resident.map(({ title, text }) => `${title} ${text}`) ?? [];
    };
    assert.deepEqual(words([]), []);
    assert.deepEqual(words([{ ...region, proportionalBytes: 4096, numaPages: [2] }]), [
      "Resident (RSS) 8 KiB",
      "Proportional (PSS) 4 KiB",
    ]);
    const other = { ...region, from: "0x3000", to: "0x5000", proportionalBytes: 1024, numaPages: [0, 56] };
    assert.deepEqual(words([{ ...region, proportionalBytes: 4096, numaPages: [1234, 0] }, other]), [
      "Resident (RSS) 16 KiB",
      "Proportional (PSS) 5 KiB",
      "NUMA pages node 0 1,234 · node 1 56",
    ]);
  });

  it("use the frame's scale for its own metric and the data's for one that the user chose", () => {
    const data = frame.data as NonNullable<typeof frame.data>;
    assert.equal(new HeatMapModel(data, frame.legend, undefined).scale.max, 65_536);
    const rate = new HeatMapModel(data, frame.legend, "rate").scale;
    assert.equal(rate.unit, "/s");
    assert.ok(rate.max < 65_536);
    const linear = new HeatMapModel(data, frame.legend, undefined, "linear").scale;
    assert.deepEqual([linear.scale, linear.min], ["linear", 0]);
  });

  it("label the legend at both ends and at round values that do not touch", () => {
    const ticks = legendTicks({ label: "", unit: "B", min: 16, max: 65_536, scale: "log" });
    assert.deepEqual([ticks[0]?.text, ticks.at(-1)?.text], ["16 B", "64 KiB"]);
    ticks.slice(1).forEach((tick, i) => assert.ok(tick.at - (ticks[i]?.at ?? 0) >= 0.2));
    assert.deepEqual(legendTicks({ label: "", unit: "B", min: 0, max: 0, scale: "log" }), []);
  });

  it("are copied as one line a tile", () => {
    const model = new HeatMapModel(frame.data as NonNullable<typeof frame.data>, frame.legend, undefined);
    assert.equal(model.csv(layout).trimEnd().split("\n").length, layout.tiles + 1);
  });
});

describe("the table's model", () => {
  it("asks for the rows in sight with some around them, and only when they are missing", () => {
    const data = sampleTable();
    assert.equal(windowFor(data, 0, 40), undefined);
    assert.deepEqual(windowFor(data, 200, 230), { offset: 150, rows: 131 });
    assert.deepEqual(windowFor(data, 1230, 1242), { offset: 1180, rows: 63 });
    assert.equal(windowFor({ ...data, total: 0, rows: [] }, 0, 10), undefined);
  });

  it("shows figures with their unit, source lines by file, absent numbers as zero", () => {
    const [, source, bytes] = sampleTable().columns;
    assert.ok(source && bytes);
    const cell = { text: "", number: undefined, path: "", line: 0, spark: new Float64Array() };
    assert.equal(cellText({ ...cell, number: 2048 }, bytes), "2 KiB");
    assert.equal(cellText(cell, bytes), "0 B");
    assert.equal(cellText({ ...cell, path: "/a/b.c", line: 7 }, source), "b.c:7");
    assert.equal(barShare({ ...cell, number: 5 }, 10), 0.5);
    assert.equal(barShare({ ...cell, number: 5 }, 0), 0);
  });

  it("copies exact figures", () => {
    const lines = tableCsv(sampleTable()).split("\n");
    assert.equal(lines[0], "Function,Source,Live bytes (B),Allocations,Rate (/s)");
    assert.match(lines[1] ?? "", /^sdsnewlen,\/usr\/src\/redis\/src\/sds\.c:\d+,67108864,/);
  });
});

describe("the chart's model", () => {
  const frame = parseFrame(sampleFrame("memory.series", "data", 0));
  assert.ok(frame.widget === "chart" && frame.data);
  const { data } = frame;

  it("gives each unit an axis", () => {
    assert.deepEqual(
      axesOf(data).map((axis) => [axis.side, axis.unit]),
      [
        ["left", "B"],
        ["right", "/s"],
      ],
    );
    const plain = data.series.map((series) => ({ ...series, axis: "" }));
    assert.deepEqual(
      plain.map((series) => sideOf(series, plain)),
      ["left", "right"],
    );
  });

  it("starts amounts at zero and ends above the largest at a round value", () => {
    assert.deepEqual(valueRange(0, "B"), [0, 1]);
    const [min, max] = valueRange(900, "B");
    assert.ok(min === 0 && max >= 900 && max % 256 === 0);
  });

  it("labels time as clocks do", () => {
    assert.equal(xText(65e9, 5e9, "ns"), "1:05");
    assert.equal(xText(3_725e9, 60e9, "ns"), "1:02:05");
    assert.equal(xText(2.5e8, 5e7, "ns"), "250 ms");
  });

  it("says in a sentence what it draws, its gaps too", () => {
    assert.match(chartSentence(data), /^Live bytes: now .+; Allocations: now .+\. 1 gap in the record\.$/);
  });
});

describe("a sparkline", () => {
  it("breaks where a value is not known and lies in the middle when nothing changes", () => {
    assert.equal(sparkPath(Float64Array.of(1, 2, Number.NaN, 2, 1), 100, 10).line.split("M").length - 1, 2);
    assert.equal(sparkPath(Float64Array.of(5, 5), 100, 10).line, "M0 5L100 5");
    assert.equal(sparkPath(Float64Array.of(5), 100, 10).line, "");
  });
});

describe("the page's layout", () => {
  it("puts views by their widget kind and keeps their order", () => {
    const places = arrange(["table", "chart", "keyFigures", "scene", "heatmap", "novel", "table"], (kind) => kind);
    assert.deepEqual(places, {
      figures: ["keyFigures"],
      wide: ["heatmap"],
      side: ["chart"],
      below: ["table", "novel", "table"],
      tall: ["scene"],
      time: [],
    });
  });
});

describe("the timeline", () => {
  const frame = parseFrame(sampleFrame("memory.timeline", "replayed", 0));
  assert.ok(frame.widget === "timeline" && frame.data && frame.time);
  const { data, time } = frame as { data: NonNullable<typeof frame.data>; time: NonNullable<typeof frame.time> };

  it("has a place for each time and a time for each place, and ends where the session does", () => {
    const scale = timeScale({ from: 10e9, to: 20e9 }, 500);
    assert.equal(scale.pixel(15e9), 250);
    assert.equal(scale.nanos(250), 15e9);
    assert.deepEqual([scale.pixel(1), scale.pixel(99e9)], [0, 500]);
    assert.deepEqual([scale.nanos(-4), scale.nanos(900)], [10e9, 20e9]);
    assert.equal(timeScale({ from: 0, to: 0 }, 500).pixel(0), 0);
  });

  it("shows at a time what was last known before it", () => {
    const lane = { id: "", title: "", unit: "", shape: "step" as const, values: Float64Array.of(5, 7, 9) };
    const x = Float64Array.of(10, 20, 30);
    assert.deepEqual(
      [0, 10, 19, 20, 99].map((at) => valueAt(lane, x, at)),
      [5, 5, 5, 7, 9],
    );
    assert.equal(
      lanePath(lane, x, timeScale({ from: 10, to: 30 }, 20), 10),
      "M0.0 10L0.0 5.0L10.0 5.0L10.0 3.0L20.0 3.0L20.0 1.0L20.0 10Z",
    );
  });

  it("says in words what it draws", () => {
    assert.equal(instantText(12.5e9), "12.500 s");
    assert.match(
      timelineSentence(data, time),
      /^From 0 ns to 59.500 s: Live bytes up to 1\d\d MiB, .*; 1 gap; Findings: 14\.$/,
    );
    assert.deepEqual(linesAt(data, 31e9).at(-1), "Gap: 12,000 events folded");
    assert.equal(linesAt(data, 40e9).length, 3);
  });
});
