// What people do with the extension, on real programs, from a workspace that holds nothing but a launch.json.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import test from "node:test";
import { fillWorkspace, GROWING, REDIS, SQLITE, TWICE } from "./programs.js";
import {
  answer,
  asked,
  command,
  debug,
  inside,
  openFile,
  openSideBar,
  page,
  picture,
  reload,
  row,
  stop,
  there,
  until,
  webviewWith,
  withWorkbench,
} from "./workbench.js";

const SITES = /createObject|aeCreateEventLoop/;
const ONE_TAB = "heapatlas-slots > heapatlas-widget-host:only-of-type ";

withWorkbench(async () => {
  await fillWorkspace([REDIS, SQLITE, GROWING, TWICE]);
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
  await row("Call sites").waitFor();
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
  const side = await webviewWith("heapatlas-key-figures");
  // Figures of the session before say that they are such.
  await side.locator(".banner").waitFor({ state: "hidden" });
  await side.getByText("Live allocations").waitFor();
  await stop();
  await side.locator(".banner").getByText("The session has ended").waitFor();
  await side.getByText("Live allocations").waitFor();
  await picture("ended");
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
  await time.getByLabel("Speed: recorded time over real time").selectOption("100");
  await command("HeapAtlas: Play the Recording");
  await time.getByText(/behind the last of/).waitFor();
  await stop();
});

test("a watched block stops a recording at its release and, further back, at its allocation, and is kept", async () => {
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
  await reload();
  await openSideBar();
  await row(address).waitFor();
  await row("sqlite.heapatlas").click();
  await row(address).filter({ hasText: "recording, exact" }).waitFor();
});

test("source lines say what is live below them once that is switched on", async () => {
  await debug("growing");
  await row("Call sites").waitFor();
  await openFile("growing.cc");
  await command("HeapAtlas: Show Live Bytes on Source Lines");
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".view-lines span")].some((span) =>
      /1000\sKiB in 100 allocations/.test(getComputedStyle(span, "::after").content.replaceAll("\u00a0", " ")),
    ),
  );
  await page.locator(".codelens-decoration").filter({ hasText: "1000 KiB live" }).first().waitFor();
  await picture("lines");
  const hover = page.locator(".monaco-hover").filter({ hasText: "HeapAtlas" });
  await until("the hover shows no history", async () => {
    // A hover is as it was when it opened: it is left, and looked at anew.
    await page.locator(".view-line").filter({ hasText: "unistd" }).getByText("unistd").hover();
    await hover.first().waitFor({ state: "hidden" });
    await page.locator(".view-line").filter({ hasText: "malloc" }).getByText("malloc").hover();
    await hover.first().waitFor();
    return (await hover.locator("img").count()) > 0 ? true : undefined;
  });
  await picture("hover");
  await stop();
});

test("what was released twice is in the list of findings and in Problems, with the line, and is reported", async () => {
  await debug("twice");
  await openSideBar();
  await row("twice.heapatlas").click();
  await row("double-free").waitFor();
  await page.getByRole("tab", { name: /^Problems/ }).click();
  await page.locator(".markers-panel .monaco-list-row").filter({ hasText: "double-free" }).first().waitFor();
  await picture("findings");
  await command("HeapAtlas: Open a View");
  await answer("Report");
  const report = await webviewWith("heapatlas-document");
  await report.locator("heapatlas-document").getByText("drop_idle").first().waitFor();
  await picture("report");
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
