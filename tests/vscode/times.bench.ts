// How long people wait for the extension, in VS Code's own workbench: a table for tests/bench/RESULTS.md, written into
// the file that HEAPATLAS_TABLE names. Run by ./heapatlas bench vscode. The browser's clock is this process's own.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, open, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Frame } from "playwright-core";
import {
  command,
  debug,
  inside,
  openSideBar,
  page,
  reload,
  row,
  stop,
  webviewWith,
  withWorkbench,
  workspace,
} from "./workbench.js";

const STEPS = 200;
const STARTS = 7;
const STEP_BYTES = 256 * 1024;
const LIVE_MINUTES = Number(process.env["HEAPATLAS_BENCH_MINUTES"] ?? "10");
const FRAMES_A_SECOND = 10;
const EXTENSION = fileURLToPath(new URL("../../vscode-extension", import.meta.url));
const compile = promisify(execFile);

/** Allocates at each byte that comes through a pipe. */
const STEPPER = `#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
int main() {
  int pipe = open("steps", O_RDWR);
  char byte;
  while (read(pipe, &byte, 1) == 1) ((char*)malloc(${STEP_BYTES}))[0] = byte;
}
`;

/** Allocates and releases all the time, so that every view has something new at each of its frames. */
const CHURN = `#include <stdlib.h>
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
`;

const rows: string[] = [];
function say(what: string, ...figures: string[]): void {
  rows.push(`| ${what} | ${figures.join(" | ")} |`);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function sayTimes(what: string, millis: readonly number[]): void {
  say(what, `${quantile(millis, 0.5).toFixed(0)} ms`, `${quantile(millis, 0.99).toFixed(0)} ms`, String(millis.length));
}

const now = (): number => performance.timeOrigin + performance.now();
const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

withWorkbench(async () => {
  await mkdir(join(workspace, ".vscode"));
  const of = (name: string): object => ({
    type: "heapatlas",
    request: "launch",
    name,
    program: `\${workspaceFolder}/${name}`,
    cwd: "${workspaceFolder}",
  });
  const configurations = { version: "0.2.0", configurations: [of("stepper"), of("churn")] };
  await writeFile(join(workspace, ".vscode", "launch.json"), JSON.stringify(configurations));
  for (const [name, text] of [
    ["stepper", STEPPER],
    ["churn", CHURN],
  ] as const) {
    await writeFile(join(workspace, `${name}.c`), text);
    await compile("gcc", ["-g", "-O1", "-o", join(workspace, name), join(workspace, `${name}.c`)]);
  }
  await compile("mkfifo", [join(workspace, "steps")]);
});

test("activation, as the workbench itself measures it", async () => {
  const millis: number[] = [];
  for (let start = 0; start < STARTS; ++start) {
    await openSideBar();
    await command("Developer: Show Running Extensions");
    const ours = page.locator(".runtime-extensions-editor .monaco-list-row").filter({ hasText: "HeapAtlas" }).first();
    await ours.waitFor();
    const time = /Activation: (\d+)ms/.exec(await ours.innerText());
    assert.ok(time, "the workbench says no time");
    millis.push(Number(time[1]));
    await reload();
  }
  sayTimes("activation", millis);
});

test("from F5 to the first map", async () => {
  const millis: number[] = [];
  for (let start = 0; start < STARTS; ++start) {
    const begun = now();
    await debug("churn");
    const map = await webviewWith("heapatlas-slots > heapatlas-widget-host:only-of-type heapatlas-heatmap");
    await map.locator("heapatlas-heatmap canvas").first().waitFor();
    millis.push(now() - begun);
    await stop();
  }
  sayTimes("from choosing a configuration to the first heat map", millis);
});

/** The moments at which the first key figure changed, once it was painted. */
async function watchFigure(side: Frame): Promise<void> {
  await side.locator("heapatlas-key-figures").evaluate((element) => {
    const seen: { at: number; text: string }[] = [];
    Object.assign(globalThis, { seen });
    const text = (): string => element.shadowRoot?.querySelector(".value")?.textContent.trim() ?? "";
    let last = text();
    const look = (): void => {
      if (text() !== last) seen.push({ at: performance.timeOrigin + performance.now(), text: (last = text()) });
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

test("from an allocation to the pixel that shows it", async () => {
  await openSideBar();
  await debug("stepper");
  const side = await webviewWith("heapatlas-key-figures");
  await side.getByText("Live allocations").waitFor();
  await pause(2000);
  await watchFigure(side);
  const steps = await open(join(workspace, "steps"), "w");
  const millis: number[] = [];
  for (let step = 0; step < STEPS; ++step) {
    const before = await side.evaluate(() => (globalThis as unknown as { seen: unknown[] }).seen.length);
    const begun = now();
    await steps.write(Buffer.from("x"));
    await side.waitForFunction((count) => (globalThis as unknown as { seen: unknown[] }).seen.length > count, before);
    const shown = await side.evaluate(
      (at) => (globalThis as unknown as { seen: { at: number }[] }).seen[at]?.at,
      before,
    );
    millis.push((shown ?? Number.NaN) - begun);
    await pause(150 + ((step * 37) % 100));
  }
  await steps.close();
  await stop();
  sayTimes("from an allocation to the painted figure", millis);
});

const MILLION_COLUMNS = 1000;
const MILLION_FRAMES = 30;
const TILE_BYTES = 256;

/** A heat map of 10^6 tiles as a server would send it, each frame with other values. */
function millionTiles(sequence: number): object {
  const count = MILLION_COLUMNS * MILLION_COLUMNS;
  const from = 0x7f0000000000;
  const hex = (address: number): string => `0x${address.toString(16)}`;
  const to = hex(from + count * TILE_BYTES);
  return {
    widget: "heatmap",
    title: "A million tiles",
    data: {
      segments: [{ from: hex(from), to, tileBytes: TILE_BYTES, label: "anonymous", kind: "anonymous" }],
      metrics: [{ id: "liveBytes", title: "Live bytes", unit: "B" }],
      metric: "liveBytes",
      values: [Array.from({ length: count }, (_, tile) => (tile * 31 + sequence * 17) % (TILE_BYTES + 1))],
    },
  };
}

test("frames a second of a heat map of a million tiles", async () => {
  await debug("churn");
  const tab = await webviewWith("heapatlas-slots > heapatlas-widget-host:only-of-type heapatlas-heatmap");
  await stop();
  await tab.locator("heapatlas-slots .banner").waitFor();
  // The session is over, so nothing else comes: the messages are those of the extension's host.
  const show = async (sequence: number): Promise<number> =>
    await tab.evaluate(
      async ({ sequence, frame }) => {
        const painted = (): Promise<unknown> => new Promise(requestAnimationFrame);
        const begun = performance.now();
        postMessage({ kind: "pushed", slot: 0, body: { handle: "million", sequence, full: true, frame } }, "*");
        // The message is heard before the first, drawn in it, and on the screen at the second.
        for (let turn = 0; turn < 2; ++turn) await painted();
        return performance.now() - begun;
      },
      { sequence, frame: millionTiles(sequence) },
    );
  const first = 1e9;
  await show(first);
  const whole: number[] = [];
  for (let frame = 1; frame <= MILLION_FRAMES; ++frame) whole.push(await show(first + frame));
  assert.match(await tab.locator("heapatlas-widget-host h2").innerText(), /million/);
  sayTimes("a new frame of 10^6 tiles, from its message to the screen", whole);
  const scrolled = await tab.locator("heapatlas-heatmap .map").evaluate(async (map) => {
    const millis: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    while (millis.length < 200) {
      map.scrollTop += 12;
      const at = await new Promise<number>(requestAnimationFrame);
      millis.push(at - last);
      last = at;
    }
    return millis;
  });
  sayTimes("between two frames while 10^6 tiles are scrolled", scrolled);
});

/** Of the extension host, in MiB. */
async function hostMemory(): Promise<number> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const words = await readFile(join("/proc", entry, "cmdline"), "utf8").catch(() => "");
    const environment = await readFile(join("/proc", entry, "environ"), "utf8").catch(() => "");
    if (!words.includes("--type=extensionHost") || !environment.includes(inside(""))) continue;
    const status = await readFile(join("/proc", entry, "status"), "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }
  return Number.NaN;
}

test("the extension host's memory while views are live", async () => {
  await openSideBar();
  await debug("churn");
  // Tabs of one group hide each other, and what is hidden is not live: one tab, beside it the side bar and the panel.
  await row("Call sites").first().click();
  await webviewWith("heapatlas-table");
  await (await webviewWith("heapatlas-key-figures")).getByText("Live allocations").waitFor();
  await command("Focus on Debug Console View");
  await page.getByRole("tab", { name: "Heap Time" }).click();
  await webviewWith("heapatlas-timeline");
  await pause(20_000);
  const first = await hostMemory();
  await pause(LIVE_MINUTES * 60_000);
  const last = await hostMemory();
  await stop();
  const frames = LIVE_MINUTES * 60 * FRAMES_A_SECOND;
  say(
    `extension host's memory, one tab, side bar and panel live, after ${LIVE_MINUTES} min of at most ${frames} frames a view`,
    `${last.toFixed(0)} MiB`,
    `at first ${first.toFixed(0)} MiB`,
    "1",
  );
});

test("sizes of what is shipped", async () => {
  const folder = async (path: string): Promise<number> => {
    const names = await readdir(path, { withFileTypes: true });
    const sizes = names.map((name) =>
      name.isDirectory() ? folder(join(path, name.name)) : stat(join(path, name.name)).then(({ size }) => size),
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };
  const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
  for (const name of (await readdir(join(EXTENSION, "dist"))).filter((each) => each.endsWith(".vsix"))) {
    say(name, mega((await stat(join(EXTENSION, "dist", name))).size), "", "");
  }
  for (const part of ["extension", "webview", "page"])
    say(`dist/${part}`, mega(await folder(join(EXTENSION, "dist", part))), "", "");
  const table = ["| what | median, or size | p99 | times |", "| --- | ---: | ---: | ---: |", ...rows, ""].join("\n");
  await writeFile(process.env["HEAPATLAS_TABLE"] ?? "/dev/stdout", table);
});
