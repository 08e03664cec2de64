// Launch configurations as people write them, and what they are told.
import assert from "node:assert/strict";
import test from "node:test";
import { completed, FOLLOWED, following, problemOf } from "../src/debug/configuration.ts";

const right: readonly Readonly<Record<string, unknown>>[] = [
  { request: "launch", program: "/bin/true" },
  { request: "launch", program: "/bin/true", args: ["one", "two"] },
  { request: "launch", recording: "/tmp/r.heapatlas", at: "12.5s" },
  { request: "attach", pid: 42 },
  { request: "attach", pid: "42" },
  { request: "attach", nodes: ["host:1"], tls: "/tmp/tls" },
  { request: "attach", attachTo: "active" },
];
for (const configuration of right) {
  test(`starts with ${JSON.stringify(configuration)}`, () => assert.equal(problemOf(configuration), ""));
}

const wrong: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
  [{ request: "launch" }, /'program' names no file/],
  [{ request: "launch", program: "  " }, /'program' names no file/],
  [{ request: "launch", program: "/bin/true", args: "one" }, /'args' is no list/],
  [{ request: "launch", program: "/bin/true", recording: "/tmp/r" }, /not both/],
  [{ request: "launch", recording: "" }, /'recording' names no folder/],
  [{ request: "attach" }, /'pid' is no process's number/],
  [{ request: "attach", pid: "redis" }, /'pid' is no process's number/],
  [{ request: "attach", pid: -1 }, /'pid' is no process's number/],
  [{ request: "attach", nodes: "host:1", tls: "/tmp" }, /'nodes' wants a list/],
  [{ request: "attach", nodes: ["host:1"] }, /'tls' wants the folder/],
  [{ request: "attach", nodes: ["host:1"], tls: "/tmp", pid: 1 }, /not both/],
  [{ request: "attach", attachTo: "gdb" }, /'attachTo' knows "active" alone/],
  [{ request: "attach", attachTo: "active", pid: 1 }, /'attachTo' or 'pid', not both/],
  [{ request: "attach", attachTo: "active", nodes: ["host:1"] }, /'attachTo' or 'nodes', not both/],
];
for (const [configuration, said] of wrong) {
  test(`is told what is wrong with ${JSON.stringify(configuration)}`, () =>
    assert.match(problemOf(configuration), said));
}

test("a process's number that was chosen from a list is handed on as a number", () => {
  assert.deepEqual(completed({ request: "attach", pid: "42" }), { request: "attach", pid: 42 });
});

test("a session lasts long enough for its views to open, unless the configuration says how long", () => {
  assert.deepEqual(completed({ request: "launch" }), { request: "launch", leastSessionMillis: 5000 });
  assert.equal(completed({ request: "launch", leastSessionMillis: 0 })["leastSessionMillis"], 0);
});

test("beside another debugger the adapter gets its program's number, and we keep whose session is followed", () => {
  assert.deepEqual(following({ request: "attach", name: "beside", attachTo: "active" }, 42, "s1"), {
    request: "attach",
    name: "beside",
    attachTo: undefined,
    pid: 42,
    [FOLLOWED]: "s1",
  });
});
