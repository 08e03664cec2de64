// The programs of the benchmarks, and their entries in launch.json. Main entry: fillWorkspace.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { workspace } from "./workbench.js";

const STEP_BYTES = 256 * 1024;
const compile = promisify(execFile);

/** Through which STEPPER hears that it is to allocate. */
export const STEP_PIPE = "steps";

interface Program {
  readonly name: string;
  readonly source: string;
}

/** Allocates at each byte that comes through a pipe. */
export const STEPPER: Program = {
  name: "stepper",
  source: `#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
int main() {
  int pipe = open("${STEP_PIPE}", O_RDWR);
  char byte;
  while (read(pipe, &byte, 1) == 1) ((char*)malloc(${STEP_BYTES}))[0] = byte;
}
`,
};

/** Allocates and releases all the time, so that every view has something new at each of its frames. */
export const CHURN: Program = {
  name: "churn",
  source: `#include <stdlib.h>
#include <unistd.h>
int main() {
  static void* kept[4096];
  for (unsigned i = 0;; i = i * 1664525 + 1013904223) {
    void** one = &kept[i >> 20];
    free(*one);
    *one = malloc(16 + (i >> 8 & 4095));
    if ((i >> 16 & 63) == 0) usleep(100);
  }
}
`,
};

/** The same with time left on the processors for those that are to show it. */
export const CALM_CHURN: Program = {
  name: "calm",
  source: CHURN.source.replace("usleep(100)", "usleep(5000)"),
};

export async function fillWorkspace(programs: readonly Program[]): Promise<void> {
  const here = { type: "heapatlas", request: "launch", cwd: "${workspaceFolder}" };
  const configurations = programs.map(({ name }) => ({ ...here, name, program: `\${workspaceFolder}/${name}` }));
  await mkdir(join(workspace, ".vscode"));
  await writeFile(join(workspace, ".vscode", "launch.json"), JSON.stringify({ version: "0.2.0", configurations }));
  for (const { name, source } of programs) {
    await writeFile(join(workspace, `${name}.c`), source);
    await compile("gcc", ["-g", "-O1", "-o", join(workspace, name), join(workspace, `${name}.c`)]);
  }
  await compile("mkfifo", [join(workspace, STEP_PIPE)]);
}
