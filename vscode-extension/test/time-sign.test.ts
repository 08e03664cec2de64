import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FrameTime } from "../widgets/protocol.ts";
import { speedText, wayOf, wayWords } from "../widgets/time-sign.ts";
import { actOfKey } from "../widgets/timeline-keys.ts";

const time = (change: Partial<FrameTime>): FrameTime => ({
  now: 1,
  from: 0,
  to: 2,
  live: false,
  replayed: true,
  direction: "forward",
  end: "",
  pace: 0,
  ...change,
});

describe("the sign of how time goes", () => {
  it("has other words for each way that it can go", () => {
    const all = [
      time({ live: true, replayed: false }),
      time({ pace: 10 }),
      time({ pace: -0.1, direction: "backward" }),
      time({}),
      time({ direction: "backward" }),
      time({ replayed: false }),
    ];
    assert.deepEqual(all.map(wayWords), [
      "Live",
      "Plays 10×",
      "Plays backward 0.1×",
      "Stands still",
      "Stands still, went back",
      "Ended",
    ]);
    assert.deepEqual(all.map(wayOf), ["live", "forward", "backward", "still", "still", "over"]);
  });

  it("writes speeds as people do", () => {
    assert.deepEqual([0.01, 1, 100, 1 / 3].map(speedText), ["0.01×", "1×", "100×", "0.333333×"]);
  });
});

describe("a key on the timeline", () => {
  const data = { a: undefined, b: undefined, span: undefined, playback: { speed: 1, speeds: [0.1, 1, 10], why: "" } };
  const still = { pace: 0 };
  const key = (name: string, shiftKey = false, at = still, of = data): unknown =>
    actOfKey({ key: name, shiftKey }, at, of);

  it("plays, plays backward, and pauses whichever way it plays", () => {
    assert.deepEqual(key(" "), { action: "play", arguments: { direction: "forward" } });
    assert.deepEqual(key(" ", true), { action: "play", arguments: { direction: "backward" } });
    for (const pace of [1, -1]) assert.deepEqual(key(" ", false, { pace }), { action: "pause" });
  });

  it("goes to the next speed, and to none beyond the last", () => {
    assert.deepEqual(key("+"), { action: "speed", target: "10" });
    assert.deepEqual(key("-"), { action: "speed", target: "0.1" });
    const fastest = { ...data, playback: { ...data.playback, speed: 10 } };
    assert.equal(key("+", false, still, fastest), undefined);
  });

  it("marks, compares, goes to findings, and takes back what was marked", () => {
    const actions = ["[", "]", "c", "<", ">", ",", "."].map((each) => (key(each) as { action: string }).action);
    assert.deepEqual(actions, ["markA", "markB", "compare", "previousFinding", "nextFinding", "previous", "next"]);
    assert.equal(key("Escape"), undefined);
    assert.deepEqual(actOfKey({ key: "Escape", shiftKey: false }, still, { ...data, a: 5 }), { action: "span" });
    assert.equal(key("x"), undefined);
  });
});
