// Several sessions at once: which one is looked at.
import assert from "node:assert/strict";
import test from "node:test";
import { Running } from "../src/session/running.ts";

test("views follow the session that began last until another is chosen", () => {
  const running = new Running<string>();
  assert.equal(running.current, undefined);
  running.begin("1", "redis");
  running.begin("2", "sqlite");
  assert.equal(running.current, "sqlite");
  running.choose("1");
  assert.equal(running.current, "redis");
  running.begin("3", "python");
  assert.equal(running.current, "python");
  assert.deepEqual(running.list, ["redis", "sqlite", "python"]);
});

test("when the chosen one ends the latest of the others is looked at", () => {
  const running = new Running<string>();
  for (const name of ["one", "two", "three"]) running.begin(name, name);
  running.choose("one");
  running.end("three");
  assert.equal(running.current, "one");
  running.end("one");
  assert.equal(running.current, "two");
  running.end("two");
  assert.equal(running.current, undefined);
});

test("a session of another debugger, which is none of ours, is not chosen", () => {
  const running = new Running<string>();
  running.begin("1", "redis");
  running.begin("2", "sqlite");
  running.choose("1");
  running.choose("gdb");
  assert.equal(running.current, "redis");
});
