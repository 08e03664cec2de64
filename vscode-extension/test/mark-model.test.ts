import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  groupLabel,
  groupLines,
  groupMarks,
  laneLabel,
  moreText,
  nextOf,
  severitiesOf,
  SHAPES,
} from "../widgets/mark-model.ts";
import { parseFrame } from "../widgets/protocol.ts";
import { SEVERITIES, type Mark } from "../widgets/timeline-data.ts";
import { timeScale } from "../widgets/timeline-model.ts";
import { sampleFrame } from "./sample-frames.ts";

function mark(id: string, at: number, more: Partial<Mark> = {}): Mark {
  return { id, at, kind: "double-free", severity: "error", title: `block ${id}`, count: 1, chosen: 0, ...more };
}

describe("the marks of a time bar", () => {
  const scale = timeScale({ from: 0, to: 1000 }, 1000);

  it("stand at their times, and become one where they would lie on each other", () => {
    const groups = groupMarks([mark("1", 100), mark("2", 105), mark("3", 300), mark("4", 1000)], scale);
    assert.deepEqual(
      groups.map(({ left, count, marks }) => [left, count, marks.map(({ id }) => id).join()]),
      [
        [100, 2, "1,2"],
        [300, 1, "3"],
        [1000, 1, "4"],
      ],
    );
  });

  it("are told apart on a wide screen, and lie together on a narrow one", () => {
    const marks = [mark("1", 100), mark("2", 130)];
    assert.equal(groupMarks(marks, scale).length, 2);
    assert.equal(groupMarks(marks, timeScale({ from: 0, to: 1000 }, 360)).length, 1);
  });

  it("leave room for the number of those before them", () => {
    const groups = groupMarks([mark("1", 100, { count: 250 }), mark("2", 120), mark("3", 160)], scale);
    assert.deepEqual(
      groups.map(({ count }) => count),
      [251, 1],
    );
  });

  it("take the shape of their gravest, and each severity has its own", () => {
    const [group] = groupMarks(
      [mark("1", 1, { severity: "information" }), mark("2", 2, { severity: "warning" })],
      scale,
    );
    assert.equal(group?.severity, "warning");
    assert.equal(new Set(SEVERITIES.map((severity) => SHAPES[severity])).size, 3);
  });

  it("lead to the first, and from the chosen one on to the next", () => {
    // The second stands for two, through which its own id leads.
    const next = (chosen: readonly [number, number, number]): string | undefined => {
      const marks = ["1", "2", "4"].map((id, at) => mark(id, at, { chosen: chosen[at] ?? 0, count: at === 1 ? 2 : 1 }));
      const [group] = groupMarks(marks, scale);
      return group && nextOf(group)?.id;
    };
    assert.deepEqual(
      [next([0, 0, 0]), next([1, 0, 0]), next([0, 1, 0]), next([0, 2, 0]), next([0, 0, 1])],
      ["1", "2", "2", "4", "1"],
    );
  });

  it("say kind, severity, title and time, and how many more there are", () => {
    const [alone] = groupMarks([mark("1", 12.5e9)], timeScale({ from: 0, to: 60e9 }, 900));
    assert.deepEqual(alone && groupLines(alone), ["error: double-free", "block 1", "at 12.500 s"]);
    const [three] = groupMarks([mark("1", 100, { count: 3 })], scale);
    assert.equal(
      three && groupLabel(three),
      "error: double-free, block 1, at 100 ns, the first of 3 here, a press each",
    );
    const [four] = groupMarks([mark("1", 100), mark("2", 101, { count: 3, chosen: 2 })], scale);
    assert.equal(four && groupLines(four).at(-1), "3 of 4 here; press again for the next");
    assert.equal(four && groupLines(four)[1], "block 2");
  });

  it("say what has no mark, and which shapes there are to explain", () => {
    const frame = parseFrame(sampleFrame("memory.timeline", "replayed", 0));
    assert.ok(frame.widget === "timeline" && frame.data?.marks);
    assert.equal(moreText(frame.data.marks), "8 more findings without a mark");
    assert.match(laneLabel(frame.data.marks), /^Findings: 14, 8 more findings without a mark\. Arrow keys/);
    assert.deepEqual(severitiesOf(frame.data.marks), ["error", "warning", "information"]);
    assert.equal(moreText({ ...frame.data.marks, more: 0 }), "");
  });
});
