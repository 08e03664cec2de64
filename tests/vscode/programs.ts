// The programs that the tests run, and their entries in launch.json. Main entry: fillWorkspace.
import { execFile } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inside, workspace } from "./workbench.js";

const PROGRAMS = fileURLToPath(new URL("../programs", import.meta.url));
const HERE = { type: "heapatlas", request: "launch", cwd: "${workspaceFolder}" };
const run = promisify(execFile);

export const REDIS = {
  ...HERE,
  name: "redis",
  program: "/usr/bin/redis-server",
  args: ["--port", "0", "--unixsocket", "${workspaceFolder}/redis.sock", "--save", ""],
};
export const SQLITE = {
  ...HERE,
  name: "sqlite",
  program: "/usr/bin/sqlite3",
  args: [
    ":memory:",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT count(*), max(hex(i)) FROM n;",
  ],
  record: "${workspaceFolder}/sqlite.heapatlas",
};
/** Holds 1000 KiB in 100 blocks, from one line of growing.cc. */
export const GROWING = { ...HERE, name: "growing", program: "${workspaceFolder}/growing" };
/** Releases a block twice. */
export const TWICE = {
  ...HERE,
  name: "twice",
  program: "${workspaceFolder}/twice",
  record: "${workspaceFolder}/twice.heapatlas",
};
/** Over as soon as it has begun. */
export const BRIEF = { ...HERE, name: "brief", program: "/bin/true" };
export const COMPILE = {
  ...HERE,
  name: "compile",
  program: "/usr/bin/g++",
  args: ["-O2", "-c", "compiled.cc", "-o", "compiled.o"],
};
export const HELD_BLOCKS = 10_000_000;
export const HOLDER = { ...HERE, name: "holder", program: "${workspaceFolder}/holder", args: [String(HELD_BLOCKS)] };

const GROWING_SOURCE = `#include <cstdlib>
#include <unistd.h>
char* grow() { return static_cast<char*>(malloc(10240)); }
int main() {
  for (int i = 0; i < 100; ++i) grow()[0] = 1;
  pause();
}
`;
const COMPILED_SOURCE = `#include <iostream>
#include <regex>
int main(int, char** words) { std::cout << std::regex_match(words[0], std::regex(".*[a-z]+")); }
`;

/** A launch.json with these, and what they run. */
export async function fillWorkspace(configurations: readonly { readonly name: string }[]): Promise<void> {
  await mkdir(join(workspace, ".vscode"));
  await writeFile(
    join(workspace, ".vscode", "launch.json"),
    JSON.stringify({ version: "0.2.0", configurations }, null, 2),
  );
  const names = new Set(configurations.map(({ name }) => name));
  if (names.has("growing")) {
    await writeFile(join(workspace, "growing.cc"), GROWING_SOURCE);
    await build("growing.cc", "growing");
  }
  if (names.has("compile")) await writeFile(join(workspace, "compiled.cc"), COMPILED_SOURCE);
  for (const [name, source] of [
    ["twice", "double_free.c"],
    ["holder", "holder.c"],
  ] as const) {
    if (!names.has(name)) continue;
    await copyFile(join(PROGRAMS, source), join(workspace, source));
    await build(source, name);
  }
}

/** Here, for the workbench's system may have no compiler; its debug information names files as that system does. */
async function build(source: string, name: string): Promise<void> {
  const paths = `-ffile-prefix-map=${workspace}=${inside("work")}`;
  await run("g++", ["-x", source.endsWith(".c") ? "c" : "c++", "-g", "-O0", paths, "-o", name, source], {
    cwd: workspace,
  });
}
