// What a webview that was hidden is told again when its session has ended.
import assert from "node:assert/strict";
import test from "node:test";
import { KeptSlots } from "../src/views/kept-slots.ts";
import type { ToWebview } from "../webview/messages.ts";

function view(slot: number, ofOther = false): ToWebview {
  return {
    kind: "view",
    slot,
    ofOther,
    title: `view ${slot}`,
    restored: "",
    style: "framed",
    parameters: [],
    chosen: {},
  };
}

function pushed(slot: number, sequence: number, full: boolean, frame: unknown): ToWebview {
  return { kind: "pushed", slot, body: { handle: "h", sequence, full, frame } };
}

function frames(kept: KeptSlots): unknown[] {
  return kept.messages().flatMap((message) => (message.kind === "opened" ? [message.frame] : []));
}

test("the last frame of each slot is shown again, put together from what was pushed", () => {
  const kept = new KeptSlots();
  assert.equal(kept.any, false);
  kept.hear(view(0));
  kept.hear(view(1));
  kept.hear({ kind: "opened", slot: 0, frame: { widget: "table", title: "a" } });
  kept.hear(pushed(0, 1, false, { title: "b" }));
  kept.hear(pushed(1, 7, true, { widget: "chart" }));
  kept.hear(pushed(1, 9, false, { title: "without its base" }));
  assert.equal(kept.any, true);
  assert.deepEqual(frames(kept), [{ widget: "table", title: "b" }, { widget: "chart" }]);
  assert.deepEqual(
    kept.messages().map(({ kind }) => kind),
    ["view", "opened", "view", "opened"],
  );
});

test("telling it again changes nothing", () => {
  const kept = new KeptSlots();
  kept.hear(view(0));
  kept.hear({ kind: "opened", slot: 0, frame: { title: "last" } });
  const before = kept.messages();
  for (const message of before) kept.hear(message);
  assert.deepEqual(frames(kept), [{ title: "last" }]);
});

test("a view that is opened anew keeps its figures until the first frame, another session's are gone", () => {
  const kept = new KeptSlots();
  kept.hear(view(0));
  kept.hear({ kind: "opened", slot: 0, frame: { title: "before" } });
  kept.hear(view(0));
  assert.deepEqual(frames(kept), [{ title: "before" }]);
  kept.hear(view(0, true));
  assert.equal(kept.any, false);
  kept.hear({ kind: "opened", slot: 0, frame: { title: "of the other" } });
  kept.hear({ kind: "welcome", title: "", text: "", restored: "" });
  assert.equal(kept.any, false);
});

test("what a view can be opened with is kept as it was told last", () => {
  const kept = new KeptSlots();
  const processes = [{ name: "process", type: "choice", values: ["1", "2"], titles: ["g++", "cc1plus"] }];
  kept.hear(view(0));
  kept.hear({ kind: "opened", slot: 0, frame: { title: "map" } });
  assert.equal(kept.offers(0, processes), false);
  kept.hear({ kind: "parameters", slot: 0, parameters: processes });
  assert.equal(kept.offers(0, processes), true);
  const [first] = kept.messages();
  assert.deepEqual(first?.kind === "view" && first.parameters, processes);
});

test("how the program ended is known from whichever view says it", () => {
  const kept = new KeptSlots();
  kept.hear(view(0));
  kept.hear(view(1));
  kept.hear({ kind: "opened", slot: 0, frame: { widget: "keyFigures", time: { live: true } } });
  assert.equal(kept.end, "");
  kept.hear({ kind: "opened", slot: 1, frame: { widget: "heatmap", time: { live: false, end: "exit status 7" } } });
  assert.equal(kept.end, "exit status 7");
});
