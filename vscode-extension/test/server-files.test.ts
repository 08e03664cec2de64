// The command line of a packaged server.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serverCommand } from "../src/debug/server-files.ts";

let folder: string;
let java: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "heapatlas-server-"));
  java = join(folder, "java");
  await writeFile(java, "");
  await mkdir(join(folder, "server", "app"), { recursive: true });
  for (const name of ["b.jar", "a.jar", "a.so"]) await writeFile(join(folder, "server", "app", name), "");
});
after(async () => await rm(folder, { recursive: true }));

async function words(): Promise<string> {
  const { program, args } = await serverCommand(folder, java, ["dap"]);
  return [program, ...args].join(" ");
}

test("the jars are on the class path, in an order that stays", async () => {
  const app = join(folder, "server", "app");
  assert.ok((await words()).endsWith(` -cp ${join(app, "a.jar")}:${join(app, "b.jar")} org.heapatlas.Main dap`));
});

test("a start-up cache is made once, and then taken, as long as the Java stays the same", async () => {
  const [, cache = ""] = / -Dheapatlas\.startUp=(\S+)/.exec(await words()) ?? [];
  assert.ok(cache.startsWith(folder));
  await writeFile(cache, "");
  const later = await words();
  assert.ok(later.includes(` -XX:AOTCache=${cache} -XX:AOTMode=auto -Xlog:disable `), later);
  assert.ok(!later.includes("startUp"));
  await utimes(java, 1, 1);
  const [, other = cache] = / -Dheapatlas\.startUp=(\S+)/.exec(await words()) ?? [];
  assert.notEqual(other, cache);
});
