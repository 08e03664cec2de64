// Takes the editor's pictures in the extension's README from real sessions: `npm run pictures` writes them into the
// extension's folder `media`.
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { fillWorkspace, GROWING, SQLITE, TWICE } from "./programs.js";
import { answer, command, debug, openFile, openSideBar, page, row, webviewWith, withWorkbench } from "./workbench.js";

const MEDIA = fileURLToPath(new URL("../../vscode-extension/media", import.meta.url));
const LIVE_FOR = "0:08";

withWorkbench(async () => {
  await fillWorkspace([GROWING, SQLITE, TWICE]);
});

test("what is live behind source lines", async () => {
  await openSideBar();
  // Room for the heap map.
  await page.locator(".sidebar .pane-header[aria-label^='Findings']").click();
  await debug("growing");
  await row("Call sites").waitFor();
  await openFile("growing.cc");
  await command("HeapAtlas: Show Live Bytes on Source Lines");
  await page.locator(".codelens-decoration").filter({ hasText: "1000 KiB live" }).first().waitFor();
  const time = await showTime();
  await time.getByText(LIVE_FOR).first().waitFor();
  await take("editor-lines");
});

test("a recording that is replayed", async () => {
  await debug("sqlite");
  await row("sqlite.heapatlas").click();
  const back = page.locator(".debug-toolbar .codicon-debug-step-back");
  await back.waitFor();
  await row("Call sites").click();
  await (await webviewWith("heapatlas-table")).locator("heapatlas-table .row").first().waitFor();
  const time = await showTime();
  await time.getByText(/behind the last of/).waitFor();
  await back.click();
  await time.getByText(/before event/).waitFor();
  // The editor shows it as stopped, too.
  await page.locator(".debug-toolbar .action-item:not(.disabled) .codicon-debug-step-back:not(.disabled)").waitFor();
  await take("editor-replay");
});

test("the report of a finding", async () => {
  await debug("twice");
  await row("twice.heapatlas").click();
  await page.getByRole("tab", { name: /^Problems/ }).click();
  await page.locator(".markers-panel .monaco-list-row").filter({ hasText: "double-free" }).first().waitFor();
  await command("HeapAtlas: Open a View");
  await answer("Report");
  const report = await webviewWith("heapatlas-document");
  await report.locator("heapatlas-document").getByText("drop_idle").first().waitFor();
  await take("editor-report");
});

async function showTime(): ReturnType<typeof webviewWith> {
  await page.getByRole("tab", { name: "Heap Time" }).click();
  return await webviewWith("heapatlas-timeline");
}

/** Without what the pointer does to what it stands on. */
async function take(name: string): Promise<void> {
  await page.mouse.move(720, 850);
  await page.screenshot({ path: join(MEDIA, `${name}.png`) });
}
