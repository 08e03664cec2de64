// How long people wait for the extension, in VS Code's own workbench: rows of a table for tests/bench/RESULTS.md
// (bench-rows.ts). Run by ./heapatlas bench vscode. The browser's clock is this process's own.
import assert from "node:assert/strict";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import type { Frame } from "playwright-core";
import { CHURN, fillWorkspace, STEP_PIPE, STEPPER } from "./bench-programs.js";
import { say, sayTimes } from "./bench-rows.js";
import {
  command,
  debug,
  openSideBar,
  page,
  reload,
  stop,
  until,
  webviewWith,
  withWorkbench,
  workspace,
} from "./workbench.js";

const STEPS = 200;
const STARTS = 5;
const EXTENSION = fileURLToPath(new URL("../../vscode-extension", import.meta.url));
const MAP = "heapatlas-slots > heapatlas-widget-host:only-of-type heapatlas-heatmap";

const now = (): number => performance.timeOrigin + performance.now();
const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

withWorkbench(async () => {
  await fillWorkspace([STEPPER, CHURN]);
});

test("activation, as the workbench itself measures it", async () => {
  const millis: number[] = [];
  for (let start = 0; start < STARTS; ++start) {
    await openSideBar();
    // It is active: what stands in its side bar is its own.
    await (await webviewWith("heapatlas-slots .welcome")).getByText("No program is watched").waitFor();
    await command("Developer: Show Running Extensions");
    millis.push(await until("the workbench says no time of activation", activationMillis));
    await page.keyboard.press("Escape");
    await page.locator(".runtime-extensions-editor").waitFor({ state: "hidden" });
    await reload();
  }
  await say("activation, at the first start of the window", `${millis[0]} ms`, "", "1");
  await sayTimes("activation, at a reload of the window", millis.slice(1));
});

/** The list is as long as the window is high, and what was slower stands first. */
async function activationMillis(): Promise<number | undefined> {
  const list = page.locator(".runtime-extensions-editor .monaco-list-row");
  const [ours] = await list.filter({ hasText: "HeapAtlas" }).allInnerTexts();
  const millis = /Activation: (\d+)ms/.exec(ours ?? "")?.[1];
  if (millis !== undefined) return Number(millis);
  await list.first().hover();
  await page.mouse.wheel(0, 200);
  return undefined;
}

test("from F5 to the first map", async () => {
  const millis: number[] = [];
  for (let start = 0; start <= STARTS; ++start) {
    await command("View: Close All Editors");
    const begun = now();
    // The first start chooses what F5 starts from then on, and unpacks the server.
    if (start === 0) await debug(CHURN.name);
    else await page.keyboard.press("F5");
    await (await webviewWith(MAP)).locator("heapatlas-heatmap canvas").first().waitFor();
    millis.push(now() - begun);
    await stop();
  }
  await say(
    "from choosing a configuration to the first heat map, the server unpacked on the way",
    `${millis[0]?.toFixed(0)} ms`,
    "",
    "1",
  );
  await sayTimes("from F5 to the first heat map", millis.slice(1));
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
  await debug(STEPPER.name);
  const side = await webviewWith("heapatlas-key-figures");
  await side.getByText("Live allocations").waitFor();
  await pause(2000);
  await watchFigure(side);
  const steps = await open(join(workspace, STEP_PIPE), "w");
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
  await sayTimes("from an allocation to the painted figure", millis);
});

const MILLION_COLUMNS = 1000;
const MILLION_FRAMES = 20;
const TILE_BYTES = 256;

test("frames a second of a heat map of a million tiles", async () => {
  await debug(CHURN.name);
  const tab = await webviewWith(MAP);
  await stop();
  await tab.locator("heapatlas-slots .banner").waitFor();
  // The session is over, so nothing else comes: the messages are those of the extension's host.
  const whole = await tab.evaluate(showMillions, {
    columns: MILLION_COLUMNS,
    tileBytes: TILE_BYTES,
    frames: MILLION_FRAMES,
  });
  assert.match(await tab.locator("heapatlas-widget-host h2").innerText(), /million/);
  await sayTimes("a new frame of 10^6 tiles, from its message to the screen", whole);
  const scrolled = await tab.locator("heapatlas-heatmap .map").evaluate(async (map) => {
    const millis: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    while (millis.length < 100) {
      map.scrollTop += 12;
      const at = await new Promise<number>(requestAnimationFrame);
      millis.push(at - last);
      last = at;
    }
    return millis;
  });
  await sayTimes("between two frames while 10^6 tiles are scrolled", scrolled);
});

/** In the webview: heat maps as a server would send them, each with other values; how long each took. */
async function showMillions(of: {
  readonly columns: number;
  readonly tileBytes: number;
  readonly frames: number;
}): Promise<number[]> {
  const { tileBytes } = of;
  const count = of.columns * of.columns;
  const from = 0x7f0000000000;
  const to = `0x${(from + count * tileBytes).toString(16)}`;
  const segment = { from: `0x${from.toString(16)}`, to, tileBytes, label: "anonymous", kind: "anonymous" };
  const millis: number[] = [];
  for (let sequence = 1e9; sequence <= 1e9 + of.frames; ++sequence) {
    const values = Array.from({ length: count }, (_, tile) => (tile * 31 + sequence * 17) % (tileBytes + 1));
    const metrics = [{ id: "liveBytes", title: "Live bytes", unit: "B" }];
    const data = { segments: [segment], metrics, metric: "liveBytes", values: [values] };
    const frame = { widget: "heatmap", title: "A million tiles", data };
    const begun = performance.now();
    postMessage({ kind: "pushed", slot: 0, body: { handle: "million", sequence, full: true, frame } }, "*");
    // The message is heard before the first, drawn in it, and on the screen at the second.
    for (let turn = 0; turn < 2; ++turn) await new Promise(requestAnimationFrame);
    millis.push(performance.now() - begun);
  }
  // The first one makes what the others use again.
  return millis.slice(1);
}

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
    await say(name, mega((await stat(join(EXTENSION, "dist", name))).size), "", "");
  }
  for (const part of ["extension", "webview", "page"])
    await say(`dist/${part}`, mega(await folder(join(EXTENSION, "dist", part))), "", "");
});
