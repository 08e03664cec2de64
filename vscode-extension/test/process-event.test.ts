// Which process another debugger's adapter says that it debugs.
import assert from "node:assert/strict";
import test from "node:test";
import { processIdOf } from "../src/debug/process-event.ts";

test("the event 'process' names a process of this machine", () => {
  const body = { name: "/bin/app", systemProcessId: 42, startMethod: "launch" };
  assert.equal(processIdOf({ type: "event", event: "process", body }), 42);
  assert.equal(processIdOf({ type: "event", event: "process", body: { ...body, isLocalProcess: true } }), 42);
});

test("other messages, and processes of other machines, name none", () => {
  for (const message of [
    undefined,
    "process",
    { type: "event", event: "process" },
    { type: "event", event: "process", body: { systemProcessId: 0 } },
    { type: "event", event: "process", body: { systemProcessId: "42" } },
    { type: "event", event: "process", body: { systemProcessId: 42, isLocalProcess: false } },
    { type: "event", event: "thread", body: { systemProcessId: 42 } },
    { type: "response", event: "process", body: { systemProcessId: 42 } },
  ]) {
    assert.equal(processIdOf(message), undefined);
  }
});
