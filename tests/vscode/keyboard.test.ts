// The extension by keys alone: no pointer, and nothing that a person could not press.
import test from "node:test";
import { fillWorkspace, GROWING } from "./programs.js";
import { boxBy, debug, page, picture, until, webviewWith, withWorkbench } from "./workbench.js";

const MOST_TABS = 40;

withWorkbench(async () => {
  await fillWorkspace([GROWING]);
});

test("by keys alone a session is begun, a view opened from the list, and a call site looked into", async () => {
  await press("View: Show HeapAtlas");
  await page.locator(".sidebar .composite.title").filter({ hasText: "HeapAtlas" }).waitFor();
  await debug("growing");
  const views = page.locator(".sidebar .pane").filter({ has: page.locator("[aria-label^='Views']") });
  await views.locator(".monaco-list-row").filter({ hasText: "Call sites" }).waitFor();
  await press("HeapAtlas: Focus on Views View");
  await until("no key leads to the call sites", async () => {
    await page.keyboard.press("ArrowDown");
    const focused = views.locator(".monaco-list-row.focused").filter({ hasText: "Call sites" });
    return (await focused.count()) > 0 ? true : undefined;
  });
  await page.keyboard.press("Enter");
  const sites = await webviewWith("heapatlas-table");
  const row = sites.locator("heapatlas-table .row");
  await row.filter({ hasText: "grow" }).first().waitFor();
  await tabTo("no key leads into the table", async () => (await row.and(sites.locator(":focus")).count()) > 0);
  await page.keyboard.press("ArrowRight");
  await sites.locator("heapatlas-table .row .stack").first().waitFor();
  await picture("keys");
  await page.keyboard.press("Shift+F5");
  await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
});

/** A command of the palette, typed. */
async function press(title: string): Promise<void> {
  await boxBy("F1");
  await page.keyboard.insertText(title);
  await page.locator(".quick-input-list .monaco-list-row.focused").filter({ hasText: title }).first().waitFor();
  await page.keyboard.press("Enter");
}

/** The key that leads from one part to the next, until this one has the focus. */
async function tabTo(failure: string, isThere: () => Promise<boolean>): Promise<void> {
  for (let tab = 0; tab < MOST_TABS; ++tab) {
    if (await isThere()) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(failure);
}
