// What people do with the extension, on real programs, from a workspace that holds nothing but a launch.json.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  answer,
  asked,
  command,
  debug,
  inside,
  killAll,
  openFile,
  openSideBar,
  page,
  picture,
  reload,
  row,
  serverFolder,
  stop,
  there,
  webviewWith,
  withWorkbench,
  workspace,
} from "./workbench.js";

const HERE = { type: "heapatlas", request: "launch", cwd: "${workspaceFolder}" };
const REDIS = {
  ...HERE,
  name: "redis",
  program: "/usr/bin/redis-server",
  args: ["--port", "0", "--unixsocket", "${workspaceFolder}/redis.sock", "--save", ""],
};
const SQLITE = {
  ...HERE,
  name: "sqlite",
  program: "/usr/bin/sqlite3",
  args: [
    ":memory:",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT count(*), max(hex(i)) FROM n;",
  ],
  record: "${workspaceFolder}/sqlite.heapatlas",
};
const SOURCE = `#include <cstdlib>
#include <unistd.h>
char* grow() { return static_cast<char*>(malloc(10240)); }
int main() {
  for (int i = 0; i < 100; ++i) grow()[0] = 1;
  pause();
}
`;
const GROWING = { ...HERE, name: "growing", program: "${workspaceFolder}/growing" };
const TWICE = {
  ...HERE,
  name: "twice",
  program: "${workspaceFolder}/twice",
  record: "${workspaceFolder}/twice.heapatlas",
};
const PROGRAMS = fileURLToPath(new URL("../programs", import.meta.url));
const run = promisify(execFile);
const SITES = /createObject|aeCreateEventLoop/;
const ONE_TAB = "heapatlas-slots > heapatlas-widget-host:only-of-type ";

withWorkbench(async () => {
  await mkdir(join(workspace, ".vscode"));
  const configurations = { version: "0.2.0", configurations: [REDIS, SQLITE, GROWING, TWICE] };
  await writeFile(join(workspace, ".vscode", "launch.json"), JSON.stringify(configurations));
  await writeFile(join(workspace, "growing.cc"), SOURCE);
  await run("g++", ["-g", "-O0", "-o", join(workspace, "growing"), join(workspace, "growing.cc")]);
  await run("gcc", ["-g", "-O0", "-o", join(workspace, "twice"), join(PROGRAMS, "double_free.c")]);
});

test("a program that is launched shows its heap map in a tab, and its figures and map in the side bar", async () => {
  await openSideBar();
  await debug("redis");
  await webviewWith(`${ONE_TAB} heapatlas-heatmap`);
  const side = await webviewWith("heapatlas-key-figures");
  await side.locator("heapatlas-heatmap").waitFor();
  await row("Call sites").waitFor();
  await page.locator(".statusbar-item").filter({ hasText: "full" }).waitFor();
  await picture("launched");
  await side
    .locator("heapatlas-key-figures .value")
    .first()
    .getByText(/^[\d.]+ MiB$/)
    .waitFor();
});

test("a view opens from the list, with who allocated what in it", async () => {
  await debug("redis");
  await row("Call sites").click();
  const table = await webviewWith("heapatlas-table");
  await table.locator("heapatlas-table").getByText(SITES).first().waitFor();
  await picture("sites");
});

test("an address that is typed leads to the bytes there", async () => {
  await debug("redis");
  await row("Memory").waitFor();
  await command("HeapAtlas: Inspect Memory…");
  const input = page.locator(".quick-input-widget input[placeholder^='0x']");
  await input.fill("0x1230+8");
  await page.keyboard.press("Enter");
  const bytes = await webviewWith("heapatlas-hex");
  await bytes.locator("heapatlas-hex .status").getByText("0x1238: not readable").waitFor();
  await picture("bytes");
  await stop();
});

test("when the program is ended its last figures stay and say so", async () => {
  await debug("redis");
  await (await webviewWith("heapatlas-key-figures")).getByText("Live allocations").waitFor();
  await stop();
  const over = await webviewWith(".banner");
  await picture("ended");
  assert.match(await over.locator(".banner").first().innerText(), /session has ended/);
});

test("after the window is reloaded the tabs come back, and fill with the next session", async () => {
  await reload();
  const tab = await webviewWith("heapatlas-slots .welcome");
  assert.match(await tab.locator("heapatlas-slots .welcome").innerText(), /No (HeapAtlas session|program is watched)/);
  await debug("redis");
  const table = await webviewWith("heapatlas-table");
  await table.locator("heapatlas-table").getByText(SITES).first().waitFor();
  await stop();
});

test("a program that is recorded is in the list of recordings, and a click replays it in both directions", async () => {
  await debug("sqlite");
  await openSideBar();
  await row("sqlite.heapatlas").click();
  await page.locator(".debug-top-stack-frame-line, .debug-toolbar .codicon-debug-step-back").first().waitFor();
  await page.getByRole("tab", { name: "Heap Time" }).click();
  const time = await webviewWith("heapatlas-timeline");
  await time.getByText(/behind the last of/).waitFor();
  await page.locator(".debug-toolbar .codicon-debug-step-back").click();
  await time.getByText(/before event/).waitFor();
  await picture("replayed");
  await page.locator(".debug-toolbar .codicon-debug-reverse-continue").click();
  await time.getByText(/before event 0 of/).waitFor();
  await stop();
});

test("a watched block stops a recording at its release and, further back, at its allocation", async () => {
  await openSideBar();
  await row("sqlite.heapatlas").click();
  const back = page.locator(".debug-toolbar .codicon-debug-reverse-continue");
  await back.waitFor();
  const { address, released, allocated } = await lastReleased();
  await openSideBar();
  await page.getByRole("tab", { name: "Heap Time" }).click();
  const time = await webviewWith("heapatlas-timeline");
  await command("HeapAtlas: Add a Watchpoint");
  await answer(`${address} 8`);
  await row(address).filter({ hasText: "recording, exact" }).waitFor();
  await picture("watchpoint");
  await back.click();
  await time.getByText(new RegExp(`before event ${grouped(released)} of`)).waitFor();
  await back.click();
  await time.getByText(new RegExp(`before event ${grouped(allocated)} of`)).waitFor();
  await page.locator(".debug-toolbar .codicon-debug-continue").click();
  await time.getByText(new RegExp(`before event ${grouped(released)} of`)).waitFor();
  await picture("watched");
  await stop();
  await row(address).waitFor();
});

test("source lines say what is live below them once that is switched on", async () => {
  await debug("growing");
  await row("Call sites").waitFor();
  await openFile("growing.cc");
  await command("HeapAtlas: Show Live Bytes on Source Lines");
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".view-lines span")].some((span) =>
      /1000\sKiB in 100/.test(getComputedStyle(span, "::after").content.replaceAll("\u00a0", " ")),
    ),
  );
  await picture("lines");
  await stop();
});

test("what was released twice is in the list of findings and in Problems, with the line", async () => {
  await debug("twice");
  await openSideBar();
  await row("twice.heapatlas").click();
  await row("double-free").waitFor();
  await page.getByRole("tab", { name: /^Problems/ }).click();
  await page.locator(".markers-panel .monaco-list-row").filter({ hasText: "double-free" }).first().waitFor();
  await picture("findings");
  await stop();
});

test("a process that runs already is chosen from a list, shown, and goes on when the session ends", async () => {
  const running = spawn(...there(inside("work/growing"), []));
  try {
    await command("HeapAtlas: Attach to a Process");
    const input = page.locator(".quick-input-widget input").first();
    await input.fill(String(running.pid));
    await page.locator(".quick-input-list .monaco-list-row.focused").filter({ hasText: "growing" }).first().waitFor();
    await page.keyboard.press("Enter");
    const side = await webviewWith("heapatlas-key-figures");
    await side.getByText("Live allocations").waitFor();
    await page.locator(".statusbar-item").filter({ hasText: "full" }).waitFor();
    await picture("attached");
    await stop();
    assert.equal(running.exitCode, null);
  } finally {
    running.kill("SIGKILL");
  }
});

test("when the server is killed in mid-session that is said, and the session can be started again", async () => {
  await debug("growing");
  const side = await webviewWith("heapatlas-key-figures");
  await side.getByText("1000 KiB").first().waitFor();
  assert.ok((await killAll(serverFolder())) > 0);
  const over = await webviewWith("heapatlas-slots .banner");
  assert.match(await over.locator(".banner").first().innerText(), /session has ended/);
  await picture("killed");
  await debug("growing");
  await side.locator(".banner").waitFor({ state: "hidden" });
  await side.getByText("1000 KiB").first().waitFor();
  await stop();
});

/** The block that a replayed program released last, and the events at which it did and at which it had got it. */
async function lastReleased(): Promise<{
  readonly address: string;
  readonly released: number;
  readonly allocated: number;
}> {
  const found = await asked(
    "sql SELECT address, end_position, begin_position FROM allocations WHERE end_position IS NOT NULL " +
      "ORDER BY end_position DESC LIMIT 1",
    /(0x[0-9a-f]+)\D+?([\d,]+)\D+([\d,]+)/,
  );
  const [, address = "", released = "", allocated = ""] = found;
  return { address, released: Number(released.replaceAll(",", "")), allocated: Number(allocated.replaceAll(",", "")) };
}

/** As people read a large number. */
function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
