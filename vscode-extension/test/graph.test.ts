import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Camera } from "../widgets/graph-camera.ts";
import type { GraphData } from "../widgets/graph-data.ts";
import { edgeKey, layoutGraph, NODE, pathOf, shapeOf } from "../widgets/graph-layout.ts";
import { GraphModel } from "../widgets/graph-model.ts";
import { ContractError } from "../widgets/json.ts";
import { parseFrame } from "../widgets/protocol.ts";
import { graphOf } from "./sample-graph.ts";

function parsed(data: object): GraphData {
  const frame = parseFrame({ widget: "graph", data });
  assert.ok(frame.widget === "graph" && frame.data);
  return frame.data;
}

describe("a graph", () => {
  const data = parsed(graphOf(""));
  const model = new GraphModel(data);
  const layout = layoutGraph(data);

  it("has every edge lead to the right, and no two nodes on each other", () => {
    for (const edge of data.edges) {
      const [from, to] = [layout.nodes.get(edge.from), layout.nodes.get(edge.to)];
      assert.ok(from && to);
      if (edge.from !== edge.to) assert.ok(from.x + NODE.width < to.x, edgeKey(edge));
    }
    const places = [...layout.nodes.values()];
    places.forEach((one, at) => {
      for (const other of places.slice(at + 1)) {
        assert.ok(Math.abs(one.x - other.x) >= NODE.width || Math.abs(one.y - other.y) >= NODE.height);
      }
      assert.ok(one.x <= layout.width && one.y <= layout.height);
    });
  });

  it("is laid out alike whatever the order and the values, and when it goes in circles", () => {
    const turned = { ...data, nodes: [...data.nodes].reverse(), edges: [...data.edges].reverse() };
    assert.equal(shapeOf(turned), shapeOf(data));
    assert.deepEqual(layoutGraph(turned).nodes.get("10"), layout.nodes.get("10"));
    assert.notEqual(shapeOf({ ...data, edges: data.edges.slice(1) }), shapeOf(data));
    const circle = { ...data, edges: [...data.edges, { from: "11", to: "1", value: 1, title: "" }] };
    assert.equal(layoutGraph(circle).nodes.size, data.nodes.length);
  });

  it("draws an edge from its first point to its last", () => {
    const placed = layout.edges.get(edgeKey({ from: "1", to: "2" }));
    assert.ok(placed);
    const last = placed.points.at(-1);
    assert.ok(last);
    assert.ok(pathOf(placed.points).endsWith(`${last.x.toFixed(1)},${last.y.toFixed(1)}`));
    assert.equal(layout.edges.get(edgeKey({ from: "4", to: "4" })), undefined);
    assert.equal(pathOf([]), "");
  });

  it("leads by arrow keys along the largest edge, and within a layer", () => {
    assert.equal(model.step("4", "right", layout), "5");
    assert.equal(model.step("10", "left", layout), "9");
    assert.equal(model.step("1", "left", layout), "1");
    const below = model.step("3", "down", layout);
    assert.equal(
      below === "3" ? model.step(model.step("3", "up", layout), "down", layout) : model.step(below, "up", layout),
      "3",
    );
  });

  it("says of a node its value and its edges, also that one leads past others", () => {
    assert.equal(model.sentence("10"), "zmalloc: 58 MiB; edges: 5 into it, 1 out of it");
    assert.deepEqual(
      model.words("8")?.figures.map(({ title, text }) => `${title} ${text}`),
      ["Live bytes 14 MiB", "← serverCron 14 MiB", "→ zmalloc 14 MiB"],
    );
    const past = data.edges.find(({ title }) => title !== "");
    assert.ok(past);
    assert.equal(model.edgeSentence(past), "lpushCommand → zmalloc: 6 MiB, through functions that are not shown");
    assert.ok(model.leadsToItself("4") && !model.leadsToItself("5"));
  });

  it("gives the kinds that hold most a colour each", () => {
    assert.deepEqual(model.kinds, ["redis-server", "libjemalloc.so.2", "liblua.so.5"]);
    const [first] = data.nodes;
    assert.ok(first);
    assert.equal(model.colourOf(first), 0);
    assert.equal(model.colourOf({ ...first, kind: "other" }), undefined);
  });

  it("is refused where an edge leads nowhere, a node is there twice or an amount is none", () => {
    const node = { id: "a", value: 1 };
    assert.doesNotThrow(() => parsed({ nodes: [node], edges: [{ from: "a", to: "a" }] }));
    for (const wrong of [
      { nodes: [node, node] },
      { nodes: [node], edges: [{ from: "a", to: "b" }] },
      { nodes: [node], edges: [{ from: "b", to: "a" }] },
      { nodes: [{ ...node, value: -1 }] },
      { nodes: [{ ...node, value: "NaN" }] },
      { nodes: Array.from({ length: 501 }, (_, id) => ({ id: String(id) })) },
    ]) {
      assert.throws(() => parsed(wrong), ContractError, JSON.stringify(wrong).slice(0, 80));
    }
  });
});

describe("a graph's camera", () => {
  const room = { width: 400, height: 200 };

  it("fits the picture into the room, in its middle, and no larger than it is", () => {
    const small = Camera.fit({ width: 100, height: 50 }, room);
    assert.deepEqual([small.scale, small.x, small.y], [1, 150, 75]);
    const large = Camera.fit({ width: 800, height: 100 }, room);
    assert.deepEqual([large.scale, large.x, large.y], [0.5, 0, 75]);
  });

  it("begins where words can be read, around a node, and no further out than the picture", () => {
    const long = { width: 4000, height: 100 };
    const begun = (x: number): readonly number[] => {
      const camera = Camera.begin(long, room, { x, y: 50 });
      return [camera.scale, camera.x, camera.y].map(Math.round);
    };
    assert.deepEqual(begun(0), [1, 0, 60]);
    assert.deepEqual(begun(2000), [1, -1400, 60]);
    assert.deepEqual(begun(4000), [1, -2800, 60]);
    assert.equal(Camera.begin({ width: 400, height: 100 }, room, { x: 0, y: 0 }).scale, 1);
  });

  it("enlarges around a point, which stays where it is, between bounds", () => {
    const camera = Camera.fit({ width: 400, height: 200 }, room).zoomed(2, { x: 100, y: 100 });
    assert.deepEqual([camera.scale, camera.x, camera.y], [2, -100, -100]);
    assert.equal(camera.zoomed(1000, { x: 0, y: 0 }).scale, 4);
    assert.equal(camera.zoomed(0, { x: 0, y: 0 }).scale, 0.05);
  });

  it("moves just so far that a node is in sight", () => {
    const camera = Camera.fit({ width: 400, height: 200 }, room);
    const shown = camera.showing({ x: 500, y: 100 }, { width: 40, height: 20 }, room);
    assert.deepEqual([shown.x, shown.y], [-120, 0]);
    assert.equal(camera.showing({ x: 200, y: 100 }, { width: 40, height: 20 }, room).x, 0);
  });
});
