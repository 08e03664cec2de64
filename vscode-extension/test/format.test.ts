import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { csv, formatBytes, formatCount, formatDuration, formatExactly, formatQuantity } from "../widgets/format.ts";

describe("figures", () => {
  it("show bytes with three digits and a binary unit", () => {
    assert.equal(formatBytes(0), "0 B");
    assert.equal(formatBytes(1023), "1023 B");
    assert.equal(formatBytes(1024), "1 KiB");
    assert.equal(formatBytes(1536), "1.50 KiB");
    assert.equal(formatBytes(12.34 * 1024 ** 2), "12.3 MiB");
    assert.equal(formatBytes(1024 ** 4 * 5), "5 TiB");
  });

  it("never show 1024 of a unit where the next one begins", () => {
    assert.equal(formatBytes(1024 * 1024 - 1), "1.00 MiB");
    assert.equal(formatCount(999_999), "1.00 M");
  });

  it("show counts whole while they are short", () => {
    assert.equal(formatCount(9999), "9,999");
    assert.equal(formatCount(12_345), "12.3 k");
    assert.equal(formatCount(51_902_118), "51.9 M");
  });

  it("show rates of anything", () => {
    assert.equal(formatQuantity(812_400, "/s"), "812 k/s");
    assert.equal(formatQuantity(12, "1/s"), "12 /s");
    assert.equal(formatQuantity(2048, "B/s"), "2 KiB/s");
  });

  it("show durations in the unit that fits", () => {
    assert.equal(formatDuration(0), "0 ns");
    assert.equal(formatDuration(1500), "1.50 µs");
    assert.equal(formatDuration(2.5e9), "2.50 s");
    assert.equal(formatDuration(65e9), "1:05 min");
    assert.equal(formatDuration(3_725e9), "1:02:05 h");
  });

  it("show shares, unknown units and unknown values", () => {
    assert.equal(formatQuantity(24.06, "%"), "24.1 %");
    assert.equal(formatQuantity(0.5, "ratio"), "50 %");
    assert.equal(formatQuantity(3, "threads"), "3 threads");
    assert.equal(formatQuantity(Number.NaN, "B"), "–");
    assert.equal(formatExactly(1_482_903, "B"), "1,482,903 B");
  });

  it("are quoted in CSV, and no cell can become a formula", () => {
    assert.equal(csv([["a,b", 'say "x"', "=1+1", "-5"]]), '"a,b","say ""x""",\'=1+1,-5\n');
  });
});
