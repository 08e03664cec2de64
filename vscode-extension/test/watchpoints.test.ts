// The list of watchpoints: what people may write, what is kept, and what is said of each.
import assert from "node:assert/strict";
import test from "node:test";
import { WatchpointList, type Store } from "../src/watchpoints/watchpoint-list.ts";
import {
  described,
  parseWatched,
  placeOf,
  placeOfRange,
  problemOfPlace,
  watchpointsRequest,
} from "../src/watchpoints/watchpoint.ts";

class Memory implements Store {
  readonly kept = new Map<string, unknown>();

  get(key: string): unknown {
    return this.kept.get(key);
  }

  async update(key: string, value: unknown): Promise<void> {
    // As the editor does it, which keeps JSON.
    this.kept.set(key, JSON.parse(JSON.stringify(value)));
    await Promise.resolve();
  }
}

test("an address has a length behind it, or 8 bytes", () => {
  assert.deepEqual(placeOf(" 0x7F00a8 64 "), { address: "0x7f00a8", bytes: 64 });
  assert.deepEqual(placeOf("0x10,1"), { address: "0x10", bytes: 1 });
  assert.deepEqual(placeOf("0x10@3"), { address: "0x10@3", bytes: 8 });
});

test("what is no place is told how to write one", () => {
  for (const text of ["", "here", "7f00", "0x", "0x10 -1", "0x10 1 2", "0x11223344556677889"]) {
    assert.match(problemOfPlace(text), /0x7f001040 64/, text);
  }
  assert.match(problemOfPlace("0x10 0"), /from 1 to 1,073,741,824/);
  assert.match(problemOfPlace("0x10 1073741825"), /from 1 to 1,073,741,824/);
  assert.throws(() => placeOf("here"), /0x7f001040 64/);
});

test("what a view has selected is a place where it is a range of bytes", () => {
  assert.deepEqual(placeOfRange("0x7f0000000000", "0x7f0000000040"), { address: "0x7f0000000000", bytes: 64 });
  const lengths = "A watchpoint has from 1 to 1,073,741,824 bytes, and this is";
  assert.equal(placeOfRange("0x10", "0x10"), `${lengths} 0; choose a part of it.`);
  assert.equal(placeOfRange("0x0", "0x40000001"), `${lengths} 1,073,741,825; choose a part of it.`);
  assert.equal(placeOfRange("", ""), "A view selected no memory.");
  const ofChild = placeOfRange("0x7F00", "0x7f40", "12");
  assert.deepEqual(ofChild, { address: "0x7f00@12", bytes: 64 });
  assert.deepEqual(placeOf("0x7f00@12 64"), ofChild);
});

test("watchpoints outlive the session in which they were set, with all that was changed", async () => {
  const store = new Memory();
  const list = new WatchpointList(store);
  let heard = 0;
  list.onChange(() => heard++);
  await list.add({ address: "0x10", bytes: 8 }, "head");
  await list.add({ address: "0x20", bytes: 4 });
  const [head, other] = list.all;
  assert.ok(head && other && head.id !== other.id);
  await list.change(head.id, { condition: "size > 10", hitCondition: "% 2" });
  await list.change(other.id, { enabled: false });
  assert.equal(heard, 4);

  const later = new WatchpointList(store);
  assert.deepEqual(later.all, list.all);
  assert.deepEqual(watchpointsRequest(later.enabled), {
    watchpoints: [{ address: "0x10", bytes: 8, condition: "size > 10", hitCondition: "% 2" }],
  });
  await later.remove(head.id);
  assert.deepEqual(
    new WatchpointList(store).all.map(({ address }) => address),
    ["0x20"],
  );
  await later.removeAll();
  assert.deepEqual(new WatchpointList(store).all, []);
});

test("what was kept and cannot be read is left out", () => {
  const store = new Memory();
  store.kept.set("watchpoints", [{ id: "1", address: "0x10", bytes: 8, enabled: true }, { address: 7 }, "no", null]);
  assert.deepEqual(
    new WatchpointList(store).all.map(({ id }) => id),
    ["1"],
  );
  store.kept.set("watchpoints", "nonsense");
  assert.deepEqual(new WatchpointList(store).all, []);
});

test("an entry says its bytes, its wishes, and what serves it or why nothing does", async () => {
  const list = new WatchpointList(new Memory());
  await list.add({ address: "0x10", bytes: 1 });
  const [watchpoint] = list.all;
  assert.ok(watchpoint);
  const [served, refused] = parseWatched({
    watchpoints: [
      { id: 1, verified: true, mechanism: "recording, exact", cost: "nothing" },
      { id: 2, verified: false, message: "not a running program" },
    ],
  });
  assert.equal(described(watchpoint, undefined), "1 byte");
  assert.equal(described(watchpoint, served), "1 byte · recording, exact");
  assert.equal(described({ ...watchpoint, bytes: 2000 }, refused), "2,000 bytes · not a running program");
  assert.equal(
    described({ ...watchpoint, name: "head", condition: "size > 1", hitCondition: "5", enabled: false }, served),
    "0x10 · 1 byte · if size > 1 · hits 5 · off",
  );
});
