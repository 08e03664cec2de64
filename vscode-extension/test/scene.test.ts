import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseFrame } from "../widgets/protocol.ts";
import { boundsOf, eyeOf, homeOf, orbit, pan, zoom, type Camera, type Point } from "../widgets/scene-camera.ts";
import type { SceneData } from "../widgets/scene-data.ts";
import { labelsOf } from "../widgets/scene-labels.ts";
import { SceneModel } from "../widgets/scene-model.ts";
import { terrain } from "./sample-terrain.ts";

const frame = parseFrame(terrain());
assert.ok(frame.widget === "scene" && frame.data);
const data: SceneData = frame.data;
const model = new SceneModel(data, frame.legend);

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y, one.z - other.z);
}

describe("a scene's camera", () => {
  const home = homeOf(data, 2);

  it("stands so that all is in sight, and farther off in a narrower picture", () => {
    assert.ok(home.distance > boundsOf(data).to.x / 2);
    assert.ok(homeOf(data, 0.5).distance > home.distance);
    assert.ok(Math.abs(distance(eyeOf(home), home.target) - home.distance) < 1e-9);
  });

  it("turns around its target, never below the ground nor over the top", () => {
    for (const turn of [-9, -1, 0.5, 9]) {
      const turned = orbit(home, turn, turn);
      assert.ok(eyeOf(turned).y > 0 && turned.elevation < Math.PI / 2);
      assert.deepEqual(turned.target, home.target);
    }
  });

  it("moves along the ground, right as one sees it, whichever way it looks", () => {
    for (const azimuth of [0, 1, 2.5, -2]) {
      const from: Camera = { ...home, azimuth };
      const moved = pan(from, 0.5, 0);
      assert.ok(
        Math.abs(distance(eyeOf(from), moved.target) - Math.hypot(home.distance, distance(from.target, moved.target))) <
          1e-6,
      );
      assert.equal(moved.target.y, home.target.y);
      const back = pan(moved, -0.5, 0);
      assert.ok(distance(back.target, from.target) < 1e-9);
    }
  });

  it("comes closer and goes away within bounds", () => {
    assert.ok(zoom(home, 2).distance < home.distance);
    assert.ok(zoom(home, 1e9).distance >= 1 && zoom(home, 1e-9).distance < 1e4);
  });
});

describe("a scene's words", () => {
  it("say of a box where it is, how high and what colours it", () => {
    const words = model.describe(0);
    assert.equal(words?.region, "[heap]");
    assert.equal(words.range, data.boxes.targets[0]);
    assert.deepEqual(
      words.figures.map(({ title }) => title),
      ["Live bytes per tile", "Churn"],
    );
    assert.equal(model.describe(data.boxes.targets.length), undefined);
  });

  it("are a table with the highest first, and CSV with all", () => {
    const rows = model.rows(10);
    assert.equal(rows.length, 10);
    const highest = Math.max(...data.boxes.amount);
    assert.equal(data.boxes.amount[rows[0]?.box ?? -1], highest);
    assert.equal(model.csv().trimEnd().split("\n").length, 1 + data.boxes.targets.length);
  });

  it("name the larger plates first, by their files' names, and the heights", () => {
    const labels = labelsOf(model).map(({ text }) => text);
    assert.ok(labels.indexOf("jemalloc arena 0") < labels.indexOf("libc.so.6"));
    assert.ok(labels.some((text) => text.endsWith("KiB")));
  });

  it("colour a box without a value as what holds nothing", () => {
    const none = { ...data, boxes: { ...data.boxes, value: data.boxes.value.map(() => 0) } };
    const colours = new SceneModel(none, frame.legend).colours([[1, 2, 3]], [9, 9, 9]);
    assert.ok(colours.every(([red]) => red === 9));
  });
});
