// Which Java is taken, from folders with made ones that say what release they are.
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findJava } from "../src/debug/java.ts";

let folder: string;
const home = (name: string): string => join(folder, name);
const nothing = { setting: "", bundled: "", environment: {} };

async function make(name: string, says: string): Promise<void> {
  const bin = join(home(name), "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "java"), `#!/bin/sh\necho '${says}' >&2\n`);
  await chmod(join(bin, "java"), 0o755);
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "heapatlas-java-"));
  await make("new", 'openjdk version "25.0.3" 2026-04-21');
  await make("newer", 'openjdk version "26-ea" 2026-09-15');
  await make("old", 'openjdk version "17.0.12" 2024-07-16');
  await make("strange", "no such thing");
});
after(async () => await rm(folder, { recursive: true }));

test("the setting comes before everything else", async () => {
  const environment = { JAVA_HOME: home("newer") };
  const found = await findJava({ setting: home("new"), bundled: home("newer"), environment });
  assert.deepEqual(found, { found: join(home("new"), "bin", "java") });
});

test("a setting that is wrong is said, and nothing else is taken in its place", async () => {
  const bundled = home("new");
  for (const [setting, said] of [
    [home("none"), /There is no Java in '.*none'/],
    [home("strange"), /There is no Java in '.*strange'/],
    [home("old"), /has Java 17/],
  ] as const) {
    const search = await findJava({ setting, bundled, environment: {} });
    assert.match("missing" in search ? search.missing : "", said);
  }
});

test("the extension's own comes before that of the machine", async () => {
  const search = await findJava({ ...nothing, bundled: home("newer"), environment: { JAVA_HOME: home("new") } });
  assert.deepEqual(search, { found: join(home("newer"), "bin", "java") });
});

test("one that is too old is passed over", async () => {
  const environment = { JAVA_HOME: home("old"), PATH: `${home("strange")}/bin:${home("new")}/bin` };
  const search = await findJava({ ...nothing, environment });
  assert.deepEqual(search, { found: join(home("new"), "bin", "java") });
});

test("where there is none that is new enough, it says which were seen and what to do", async () => {
  const search = await findJava({ ...nothing, environment: { JAVA_HOME: home("old") } });
  assert.match("missing" in search ? search.missing : "", /needs Java 25 or newer.*Java 17 \(JAVA_HOME\).*Install one/);
  const none = await findJava(nothing);
  assert.match("missing" in none ? none.missing : "", /there is none/);
});
