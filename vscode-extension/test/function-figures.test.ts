// What stands above a function and in a line's hover, from rows of call sites.
import assert from "node:assert/strict";
import test from "node:test";
import { callersOf, definitionLine, functionFigures } from "../src/editor/function-figures.ts";
import { History, isGrowing } from "../src/editor/history.ts";
import { LiveClock } from "../src/editor/live-clock.ts";
import { hoverText, lensWords, sparkImage } from "../src/editor/line-words.ts";
import { parseFrame, type TableData } from "../widgets/protocol.ts";
import { withLines, type StackedRow } from "./sample-sites.ts";

function table(rows: readonly StackedRow[]): TableData {
  const columns = ["function", "liveBytes", "liveAllocations", "rate"].map((id) => ({ id }));
  const frame = parseFrame({ widget: "table", data: { columns, ...withLines(rows) } });
  assert.ok(frame.widget === "table" && frame.data !== undefined);
  return frame.data;
}

const MIB = 2 ** 20;
const cells = (bytes: number, count: number, rate: number): unknown[] => [
  { text: "f" },
  { number: bytes },
  { number: count },
  { number: rate },
];
const line = (name: string, path: string, at: number): object => ({ function: name, path, line: at });

const SITES = table([
  { cells: cells(MIB, 1, 300), detail: [line("grow()", "/a.cc", 12), line("main", "/a.cc", 30), line("start", "", 0)] },
  {
    cells: cells(50, 2, 40),
    detail: [line("grow()", "/a.cc", 10), line("load()", "/b.cc", 5), line("main", "/a.cc", 31)],
  },
]);

test("a function has what all call sites below its lines hold, and its first line", () => {
  const files = functionFigures(SITES);
  assert.deepEqual(files?.get("/a.cc"), [
    { name: "grow()", line: 10, liveBytes: MIB + 50, liveAllocations: 3, rate: 340, callSites: 2 },
    { name: "main", line: 30, liveBytes: MIB + 50, liveAllocations: 3, rate: 340, callSites: 2 },
  ]);
  assert.equal(files.get("/b.cc")?.length, 1);
});

test("a function that calls itself counts a call site once, and is called by who is outside", () => {
  const recursive = table([
    {
      cells: cells(8, 1, 0),
      detail: [line("f", "/r.cc", 7), line("f", "/r.cc", 7), line("f", "/r.cc", 9), line("main", "/r.cc", 20)],
    },
  ]);
  assert.deepEqual(functionFigures(recursive)?.get("/r.cc")?.[0], {
    name: "f",
    line: 7,
    liveBytes: 8,
    liveAllocations: 1,
    rate: 0,
    callSites: 1,
  });
  assert.equal(callersOf(recursive, "/r.cc", 7, 5)[0]?.line, 9);
});

test("a line's callers are those with the most live bytes", () => {
  const callers = callersOf(SITES, "/a.cc", 10, 5);
  assert.deepEqual(
    callers.map(({ name, path, line: at, liveBytes }) => [name, path, at, liveBytes]),
    [["load()", "/b.cc", 5, 50]],
  );
  assert.equal(callersOf(SITES, "/a.cc", 31, 5).length, 0);
});

test("a function's first line is the one with its name before a parenthesis, above what it calls", () => {
  const source = [
    "int grow(int);",
    "template <class T> char* store::Table<T>::grow(int n) const {",
    "  if (n == 0) return grow(n + 1);",
    "  // grow() is what it says",
    "  return static_cast<char*>(malloc(n));",
    "}",
  ];
  const text = (at: number): string => source[at - 1] ?? "";
  assert.equal(definitionLine(text, 5, "store::Table<std::pair<int, int>>::grow(int) const"), 2);
  assert.equal(definitionLine(text, 5, "(anonymous namespace)::grow(int)"), 2);
  assert.equal(definitionLine(text, 5, "shrink"), 5);
  assert.equal(definitionLine(text, 5, "libc.so.6+0x1234"), 5);
});

test("the words above a function say bytes, rate, and that it grows", () => {
  const figures = { liveBytes: 1.2 * MIB, liveAllocations: 3, rate: 340, callSites: 1 };
  const rising = Array.from({ length: 30 }, (_, at) => 1000 + at * 100);
  assert.equal(lensWords(figures, rising), "1.20 MiB live · 340/s · growing");
  assert.equal(lensWords({ ...figures, rate: 0 }, []), "1.20 MiB live");
});

test("what goes up and down, or has only begun, does not grow", () => {
  assert.ok(!isGrowing([1, 2, 3]));
  assert.ok(!isGrowing([1, 9, 1, 9, 1, 9, 1, 9, 1, 9]));
  assert.ok(!isGrowing(Array.from({ length: 30 }, () => 7)));
  assert.ok(isGrowing(Array.from({ length: 8 }, (_, at) => at)));
});

test("history is noted once a second, ends for what is gone, and begins anew when time jumps", () => {
  const history = new History();
  history.note(0, [
    ["a", 1],
    ["b", 1],
  ]);
  history.note(5e8, [["a", 2]]);
  history.note(1e9, [["a", 3]]);
  assert.deepEqual(history.values("a"), [1, 3]);
  assert.deepEqual(history.values("b"), []);
  for (let second = 2; second < 300; second++) history.note(second * 1e9, [["a", second]]);
  assert.equal(history.values("a").length, 120);
  history.note(1e9, [["a", 9]]);
  assert.deepEqual(history.values("a"), [9]);
  history.note(6e9, [["a", 10]]);
  assert.deepEqual(history.values("a"), [9, 10], "a frame that comes late is no jump");
  history.note(12e9, [["a", 11]]);
  assert.deepEqual(history.values("a"), [11]);
});

test("a frame that was long on its way ends no history, for time between frames never runs back", () => {
  const clock = new LiveClock();
  const history = new History();
  assert.equal(clock.at(100), undefined);
  history.note(clock.tell(1e9, 100), [["a", 1]]);
  history.note(clock.at(1200) ?? Number.NaN, [["a", 2]]);
  // Told as of 2.05 s, when by what came before it is 2.2 s.
  history.note(clock.tell(2.05e9, 1300), [["a", 3]]);
  history.note(clock.at(2300) ?? Number.NaN, [["a", 4]]);
  assert.deepEqual(history.values("a"), [1, 2, 4]);
  clock.stop();
  assert.equal(clock.tell(5e8, 2400), 5e8, "the next session has a time of its own");
});

test("a hover shows the figures, their last seconds as a picture, and the callers with their lines", () => {
  const figures = { liveBytes: MIB, liveAllocations: 1, rate: 0, callSites: 1 };
  const callers = callersOf(SITES, "/a.cc", 12, 5);
  const text = hoverText(figures, [1024, 2048], callers, "#0072b2");
  assert.match(text, /1 MiB live in 1 allocations, 0 a second, by 1 call site/);
  assert.match(text, /!\[[^\]]*from 1 KiB to 2 KiB\]\(data:image\/svg\+xml;base64,/);
  assert.match(text, /- `` main ``, a\.cc:30: 1 MiB/);
  assert.doesNotMatch(hoverText(figures, [1], [], "red"), /!\[|Called from/);
});

test("the picture has the colour of the theme that it is for", () => {
  const [, encoded = ""] = sparkImage([1, 2, 1], "#56b4e9").split("base64,");
  const svg = Buffer.from(encoded, "base64").toString();
  assert.match(svg, /stroke="#56b4e9"/);
  assert.match(svg, /<path d="M0 /);
});
