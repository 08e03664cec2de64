// What becomes of the frames of one view, in whatever order they come.
import assert from "node:assert/strict";
import test from "node:test";
import { Frames } from "../client/frames.ts";

const pushed = (sequence: number, full: boolean, frame: unknown): Parameters<Frames["push"]>[0] => ({
  handle: "view-1",
  sequence,
  full,
  frame,
});

test("deltas are laid over what the open's answer brought", () => {
  const frames = new Frames();
  frames.open({ title: "map", data: { a: 1, b: 2 } });
  assert.equal(frames.push(pushed(7, false, { data: { b: 3 } })), "newest");
  assert.deepEqual(frames.raw, { title: "map", data: { a: 1, b: 3 } });
});

test("a frame that overtook the open's answer stays", () => {
  const frames = new Frames();
  frames.push(pushed(2, true, { title: "newer" }));
  frames.open({ title: "older" });
  assert.deepEqual(frames.raw, { title: "newer" });
});

test("an old frame changes nothing", () => {
  const frames = new Frames();
  frames.push(pushed(5, true, { title: "five" }));
  assert.equal(frames.push(pushed(4, true, { title: "four" })), "old");
  assert.deepEqual(frames.raw, { title: "five" });
});

test("a delta whose base did not come asks for the view anew", () => {
  const frames = new Frames();
  assert.equal(frames.push(pushed(3, false, { title: "delta" })), "baseless");
  frames.push(pushed(4, true, { title: "four" }));
  assert.equal(frames.push(pushed(6, false, { title: "six" })), "baseless");
});
