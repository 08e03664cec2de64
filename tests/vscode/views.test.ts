// Every view that a server lists, in the workbench's own themes: that of a program under load.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import test, { after } from "node:test";
import { fillWorkspace, REDIS } from "./programs.js";
import {
  command,
  debug,
  inside,
  openSideBar,
  page,
  picture,
  row,
  there,
  until,
  webviewWith,
  withWorkbench,
} from "./workbench.js";

const LEAST_VIEWS = 10;
const SHOWN = "heapatlas-slots > heapatlas-widget-host:only-of-type ";
const OTHERS = ["Memory", "Findings", "Recordings"];
let load: ChildProcess | undefined;

withWorkbench(async () => {
  await fillWorkspace([REDIS]);
});
after(() => load?.kill("SIGKILL"));

test("every view of the list shows something in a tab, in a light theme and in a dark one", async () => {
  await openSideBar();
  await debug("redis");
  await row("Call sites").waitFor();
  load = spawn(...there("/usr/bin/redis-benchmark", benchmark(inside("work/redis.sock"))), { stdio: "ignore" });
  // The list of views has all the room.
  for (const pane of OTHERS) await page.locator(`.sidebar .pane-header[aria-label^='${pane}']`).first().click();
  await command("View: Hide Panel");
  const titles = await page.locator(".sidebar [role=treeitem][aria-level='2'] .label-name").allInnerTexts();
  assert.ok(titles.length >= LEAST_VIEWS, `only ${titles.length} views are listed`);
  for (const title of titles) await show(title, "light");
  await command("Preferences: Color Theme");
  await page.locator(".quick-input-widget input").first().fill("Dark Modern");
  await page.locator(".quick-input-list .monaco-list-row.focused").filter({ hasText: "Dark Modern" }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".monaco-workbench.vs-dark").waitFor();
  for (const title of titles) await show(title, "dark");
});

async function show(title: string, theme: string): Promise<void> {
  await page.locator(".sidebar [role=treeitem][aria-level='2'] .label-name").getByText(title, { exact: true }).click();
  await page.locator(".tab.active").filter({ hasText: title }).waitFor();
  const tab = await webviewWith(SHOWN);
  await until(`'${title}' shows nothing`, async () => {
    const waits = await tab.locator(`${SHOWN} .loading`).count();
    return waits === 0 ? true : undefined;
  });
  assert.equal(await tab.locator(`${SHOWN} .message.failed`).count(), 0, `'${title}' failed`);
  await picture(`${theme} ${title}`);
}

function benchmark(socket: string): string[] {
  return ["-s", socket, "-t", "set,lpush,sadd,hset", "-r", "20000", "-n", "100000", "-l", "-q"];
}
