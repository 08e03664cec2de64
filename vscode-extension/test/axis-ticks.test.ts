import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { linearTicks, logTicks, niceStep, timeTicks } from "../widgets/axis-ticks.ts";

describe("axis ticks", () => {
  it("step by 1, 2 or 5 in counts and by powers of two in bytes", () => {
    assert.equal(niceStep(0.3, 10), 0.5);
    assert.equal(niceStep(130, 10), 200);
    assert.equal(niceStep(700, 10), 1000);
    assert.equal(niceStep(1000, 1024), 1024);
    assert.equal(niceStep(1024, 1024), 1024);
  });

  it("lie in the range, the ends with it", () => {
    assert.deepEqual(linearTicks(0, 100, 5, 10), [0, 20, 40, 60, 80, 100]);
    assert.deepEqual(linearTicks(3, 11, 4, 10), [4, 6, 8, 10]);
    assert.deepEqual(linearTicks(0, 1 << 20, 4, 1024), [0, 262144, 524288, 786432, 1048576]);
  });

  it("have no negative zero, which would read as -0", () => {
    assert.ok(Object.is(linearTicks(0, 10, 2, 10)[0], 0));
    assert.ok(Object.is(timeTicks(0, 1e9, 2)[0], 0));
  });

  it("are none for a range that is empty or unknown", () => {
    assert.deepEqual(linearTicks(5, 5, 4, 10), []);
    assert.deepEqual(linearTicks(0, Number.NaN, 4, 10), []);
    assert.deepEqual(logTicks(0, 100, 4, 10), []);
  });

  it("are powers on a logarithmic scale, at most as many as asked for", () => {
    assert.deepEqual(logTicks(1, 10_000, 5, 10), [1, 10, 100, 1000, 10_000]);
    assert.deepEqual(logTicks(16, 65_536, 4, 1024), [16, 256, 4096, 65_536]);
    assert.ok(logTicks(1, 2 ** 60, 4, 1024).length <= 4);
  });

  it("are read off a clock for times", () => {
    assert.deepEqual(timeTicks(0, 60e9, 4), [0, 15e9, 30e9, 45e9, 60e9]);
    assert.deepEqual(timeTicks(0, 4 * 3600e9, 4), [0, 3600e9, 7200e9, 10_800e9, 14_400e9]);
  });
});
