// Sessions that are several, end otherwise than people plan, or are large.
import assert from "node:assert/strict";
import test from "node:test";
import { BRIEF, COMPILE, fillWorkspace, GROWING, HELD_BLOCKS, HOLDER, REDIS } from "./programs.js";
import {
  answer,
  debug,
  killAll,
  openSideBar,
  page,
  picture,
  reload,
  row,
  running,
  serverFolder,
  stop,
  until,
  webviewWith,
  withWorkbench,
} from "./workbench.js";

const TAB = "heapatlas-slots > heapatlas-widget-host:only-of-type ";
const CHOOSE_SESSION = ".sidebar .pane-header .action-label[aria-label*='Choose the Session']";

withWorkbench(async () => {
  await fillWorkspace([REDIS, GROWING, BRIEF, COMPILE, HOLDER]);
});

test("of two sessions at once, views show the one that is chosen in the side bar", async () => {
  await openSideBar();
  await debug("growing");
  const side = await webviewWith("heapatlas-key-figures");
  const ofGrowing = side.getByText("1000 KiB").first();
  await ofGrowing.waitFor();
  await debug("redis");
  await page.locator(".statusbar-item").filter({ hasText: "redis, 2 of 2" }).waitFor();
  await ofGrowing.waitFor({ state: "hidden" });
  await page.locator(".sidebar .pane-header[aria-label^='Memory']").hover();
  await page.locator(CHOOSE_SESSION).click();
  await picture("two sessions");
  await answer("growing");
  await ofGrowing.waitFor();
  await page.locator(".statusbar-item").filter({ hasText: "growing, 1 of 2" }).waitFor();
  await picture("the other session");
});

test("a program that ends at once is shown, with its exit status or that it was too short", async () => {
  await openSideBar();
  await debug("brief");
  // On a machine that is busy with other things, views may be late.
  const words = /The session has ended \(exit status 0\)|The session ended before this view could show it/;
  const over = await webviewWith("heapatlas-slots .banner, heapatlas-slots .welcome");
  await over.getByText(words).first().waitFor();
  await picture("ended at once");
});

test("the compiler that a driver starts is a process of its own, with the heap that it has", async () => {
  await openSideBar();
  await debug("compile");
  const tab = await webviewWith(`${TAB}heapatlas-heatmap`);
  const processes = tab.locator(".picker select");
  const compiler = processes.locator("option").filter({ hasText: "cc1plus" });
  await compiler.waitFor({ state: "attached" });
  await processes.selectOption(await compiler.getAttribute("value"));
  const side = await webviewWith("heapatlas-key-figures");
  const live = side.locator("heapatlas-key-figures .value").first();
  await live.getByText(/^\d+(\.\d+)? MiB$/).waitFor();
  await picture("compiler");
});

test("when the window is reloaded in mid-session its program is ended, and the tab fills with the next session", async () => {
  await debug("redis");
  await row("Call sites").click();
  await (await webviewWith("heapatlas-table")).locator("heapatlas-table .row").first().waitFor();
  assert.notDeepEqual(await running("redis.sock"), []);
  await reload();
  const tab = await webviewWith("heapatlas-slots .welcome");
  assert.match(await tab.locator("heapatlas-slots .welcome").innerText(), /No (HeapAtlas session|program is watched)/);
  await until("the program of the session outlives it", async () =>
    (await running("redis.sock")).length === 0 ? true : undefined,
  );
  await debug("redis");
  await (await webviewWith("heapatlas-table")).locator("heapatlas-table .row").first().waitFor();
});

test("when the server is killed in mid-session that is said, and the session can be started again", async () => {
  await openSideBar();
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
});

test("ten million live blocks are counted, mapped and listed by call site", async () => {
  await openSideBar();
  await debug("holder");
  const side = await webviewWith("heapatlas-key-figures");
  await side
    .getByTitle(new RegExp(`${HELD_BLOCKS.toLocaleString("en-US").slice(0, 4)}\\d\\d,\\d{3}`))
    .first()
    .waitFor();
  await row("Call sites").click();
  const sites = await webviewWith("heapatlas-table");
  await sites.locator("heapatlas-table .row").filter({ hasText: "hold" }).first().waitFor();
  await picture("ten million");
  await stop();
});
