// Every view that a server lists, in the workbench's own themes: those of a program that was under load.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { promisify } from "node:util";
import { fillWorkspace, REDIS } from "./programs.js";
import {
  boxBy,
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
const run = promisify(execFile);

withWorkbench(async () => {
  await fillWorkspace([REDIS]);
});

test("every view of the list shows something in a tab, in a light theme and in a dark one", async () => {
  await openSideBar();
  await debug("redis");
  await row("Call sites").waitFor();
  // Ended before views are drawn, which here is the processor's work, too.
  await run(...there("/usr/bin/redis-benchmark", benchmark(inside("work/redis.sock"))));
  // The list of views has all the room.
  for (const pane of OTHERS) await page.locator(`.sidebar .pane-header[aria-label^='${pane}']`).first().click();
  await command("View: Hide Panel");
  const titles = await page.locator(".sidebar [role=treeitem][aria-level='2'] .label-name").allInnerTexts();
  assert.ok(titles.length >= LEAST_VIEWS, `only ${titles.length} views are listed`);
  for (const title of titles) await show(title, "light");
  const input = await boxBy("F1");
  await input.fill(">Preferences: Color Theme");
  const themes = page.locator(".quick-input-list .label-name").getByText("Preferences: Color Theme", { exact: true });
  await themes.first().click();
  await input.fill("Dark Modern");
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
  return ["-s", socket, "-t", "set,lpush,sadd,hset", "-r", "20000", "-n", "20000", "-P", "16", "-q"];
}
