// The memory of the extension's host while views are live: a row of a table for tests/bench/RESULTS.md (bench-rows.ts), with
// the frames that it stands on, which are counted. Run by ./heapatlas bench vscode. HEAPATLAS_BENCH_MINUTES says how long.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import type { Frame } from "playwright-core";
import { CALM_CHURN, fillWorkspace } from "./bench-programs.js";
import { say } from "./bench-rows.js";
import { command, debug, inside, openSideBar, page, row, stop, webviewWith, withWorkbench } from "./workbench.js";

const MINUTES = Number(process.env["HEAPATLAS_BENCH_MINUTES"] ?? "5");
const WARM_FRAMES = 200;
const LOOK_MILLIS = 500;

withWorkbench(async () => {
  await fillWorkspace([CALM_CHURN]);
});

test("the extension host's memory while views are live", async () => {
  await openSideBar();
  await debug(CALM_CHURN.name);
  // Tabs of one group hide each other, and what is hidden is not live: one tab, beside it the side bar and the panel.
  await row("Call sites").first().click();
  await webviewWith("heapatlas-table");
  const side = await webviewWith("heapatlas-key-figures");
  await side.getByText("Live allocations").waitFor();
  await command("Focus on Debug Console View");
  await page.getByRole("tab", { name: "Heap Time" }).click();
  await webviewWith("heapatlas-timeline");
  await countFrames(side);
  const begun = performance.now();
  const minutes = (): number => (performance.now() - begun) / 60_000;
  await reach(side, WARM_FRAMES, minutes);
  const first = await hostMemory();
  const seen = [first];
  const frames = await reach(side, Infinity, minutes, async () => void seen.push(await hostMemory()));
  const took = minutes();
  const last = await hostMemory();
  await stop();
  const count = frames.toLocaleString("en-US");
  await say(
    `extension host's memory, one tab, side bar and panel live, after ${count} frames of the key figures in ${took.toFixed(1)} min`,
    `${last.toFixed(0)} MiB`,
    `at first ${first.toFixed(0)} MiB, at most ${Math.max(...seen).toFixed(0)} MiB`,
    "1",
  );
});

/** In the side bar, which has the key figures in its first slot. */
async function countFrames(side: Frame): Promise<void> {
  await side.evaluate(() => {
    const counted = { frames: 0 };
    Object.assign(globalThis, { counted });
    addEventListener("message", ({ data }: MessageEvent<{ readonly kind?: unknown; readonly slot?: unknown }>) => {
      if (data.kind === "pushed" && data.slot === 0) ++counted.frames;
    });
  });
}

/** Waits for so many frames, or for the end of the time; how many came. */
async function reach(
  side: Frame,
  frames: number,
  minutes: () => number,
  look: () => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  for (;;) {
    const came = await side.evaluate(() => (globalThis as unknown as { counted: { frames: number } }).counted.frames);
    if (came >= frames || minutes() >= MINUTES) return came;
    await look();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
  }
}

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
