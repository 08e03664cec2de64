// What the list of recordings says of folders, without opening them.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { processes } from "../src/debug/processes.ts";
import { describe, findRecordings } from "../src/sidebar/recording.ts";

let folder: string;

async function file(path: string, text: string): Promise<void> {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), text);
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "heapatlas-recordings-"));
  await file("early/recording.json", JSON.stringify({ program: "redis-server --port 0", started: 1000 }));
  await file("early/1/events-0.frames", "x".repeat(500));
  await file("deep/down/late/recording.json", JSON.stringify({ program: "python3", started: 2000 }));
  await file("broken/recording.json", "{ no json");
  await file("list/recording.json", "[]");
  await file("node_modules/left-out/recording.json", "{}");
  await file("plain/notes.txt", "nothing");
});
after(async () => await rm(folder, { recursive: true }));

test("recordings are found in and below the workspace, the latest first", async () => {
  const found = await findRecordings(folder);
  const said = found
    .filter(({ program }) => program !== "")
    .map(({ name, program, begun }) => ({ name, program, begun }));
  assert.deepEqual(said, [
    { name: "late", program: "python3", begun: 2_000_000 },
    { name: "early", program: "redis-server --port 0", begun: 1_000_000 },
  ]);
});

test("its size is that of all its files", async () => {
  const early = await describe(join(folder, "early"));
  assert.ok(early !== undefined && early.bytes > 500 && early.bytes < 700);
});

test("a folder whose description cannot be read is no recording", async () => {
  assert.equal(await describe(join(folder, "broken")), undefined);
  assert.equal(await describe(join(folder, "plain")), undefined);
  assert.equal(await describe(join(folder, "missing")), undefined);
});

test("the processes that can be attached to are this machine's, with their command lines, and not this one", async () => {
  const all = await processes();
  assert.ok(all.every(({ pid, name, command }) => pid !== process.pid && name !== "" && command !== ""));
  assert.ok(all.some(({ pid }) => pid === process.ppid));
});
