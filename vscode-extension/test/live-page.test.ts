// The page in a real browser on a real program: python3 under the runtime, its collector and its server. The native side
// must be built, as ./heapatlas test does first; without it there is nothing to watch.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "./browser.ts";
import { startSession, type LiveSession } from "./live-session.ts";

const PROGRAM = `
import sys
kept = [bytes(3000 + n % 7) for n in range(20000)]
sys.stdin.readline()
sys.exit(3)
`;
const built = existsSync(new URL("../../native-bridge/build/bin/heapatlas-collector", import.meta.url));

describe(
  "the page on a live program",
  { timeout: 240_000, skip: built ? false : "the native side is not built" },
  () => {
    let browser: Browser;
    let session: LiveSession;
    let page: Page;
    const complaints: string[] = [];

    before(async () => {
      session = await startSession(["run", "--page", "--", "python3", "-c", PROGRAM]);
      browser = await openBrowser();
      page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: "light" });
      page.setDefaultTimeout(15_000);
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(session.page);
    });

    after(async () => {
      await browser.close();
      await session.end();
    });

    it("draws the heap, which is as large as what the program keeps", async () => {
      await page.locator("heapatlas-heatmap canvas").waitFor();
      await page.locator("heapatlas-chart canvas").first().waitFor();
      const live = page.locator("heapatlas-key-figures .card", { hasText: "Live bytes" });
      await live.filter({ hasText: /(5[7-9]|6\d)(\.\d)? MiB/ }).waitFor();
      await page.locator(".coverage .text", { hasText: "every allocation and release with its call stack" }).waitFor();
    });

    it("says beside the key figures what cannot be seen in python3, and what helps", async () => {
      await page.locator("heapatlas-key-figures .notices li", { hasText: "PYTHONMALLOC=malloc" }).waitFor();
    });

    it("looks closer and back by the keyboard, and says what lies where", async () => {
      const map = page.locator("heapatlas-heatmap .map");
      const crumbs = page.locator("heapatlas-widget-host nav").first();
      await map.focus();
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
      await crumbs.filter({ hasText: "Heap regions" }).waitFor();
      await page.keyboard.press("Home");
      await page.keyboard.press("Space");
      await page.locator("heapatlas-heatmap .detail h3").waitFor();
      await page.keyboard.press("Escape");
      await page.locator("heapatlas-heatmap .detail").waitFor({ state: "detached" });
      await page.keyboard.press("Backspace");
      await crumbs.waitFor({ state: "detached" });
    });

    it("inspects a single allocation from its call site's range on", async () => {
      await page.locator("heapatlas-heatmap .map").focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("Space");
      const detail = page.locator("heapatlas-heatmap .detail");
      await detail.locator(".parts button").first().click();
      await detail.locator("h3", { hasText: /^Allocation of/ }).waitFor();
      for (const fact of ["Size", "Age", "Thread"]) await detail.locator("dt", { hasText: fact }).waitFor();
      await detail.locator(".stack li").first().waitFor();
      await detail.locator("button[aria-label='Close the details']").click();
      await detail.waitFor({ state: "detached" });
    });

    it("sorts the call sites both ways", async () => {
      const table = page.locator("heapatlas-table");
      const head = table.locator(".head button", { hasText: "Live allocations" });
      const most = (): Promise<string> => table.locator(".row").first().locator(".cell").nth(3).innerText();
      await head.click();
      await table.locator(".head .sorted", { hasText: "Live allocations ▾" }).waitFor();
      assert.match(await most(), /^2\d(\.\d)? k$/);
      await head.click();
      await table.locator(".head .sorted", { hasText: "Live allocations ▴" }).waitFor();
      assert.match(await most(), /^[01]$/);
    });

    it("shows all mappings, those without allocations too", async () => {
      const map = page.getByRole("region", { name: "Heap map" });
      await map.getByRole("button", { name: "All mappings" }).click();
      await page.locator("heapatlas-heatmap .label", { hasText: "[stack]" }).first().waitFor();
      await map.getByRole("button", { name: "Only the heap" }).click();
      await map.getByRole("button", { name: "All mappings" }).waitFor();
    });

    it("has room for all that it says of labels and pools, which python3 does not declare", async () => {
      for (const width of [1280, 420]) {
        await page.setViewportSize({ width, height: 900 });
        for (const view of ["memory.tags", "memory.pools"]) {
          const panel = page.locator(`heapatlas-widget-host[data-view="${view}"]`);
          const message = panel.locator(".message", { hasText: "native-bridge/probe/heapatlas.h" });
          const hidden = await message.evaluate((element) =>
            [element, ...element.querySelectorAll("pre")].map((each) => each.scrollHeight - each.clientHeight),
          );
          assert.deepEqual(hidden, [0, 0], `${view} at ${width}`);
          const [inner, outer] = [await message.boundingBox(), await panel.boundingBox()];
          assert.ok(inner && outer && inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height, view);
        }
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    });

    it("changes between light and dark", async () => {
      const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await ground();
      await page.keyboard.press("t");
      assert.notEqual(await ground(), light);
      await page.keyboard.press("t");
      assert.equal(await ground(), light);
    });

    it("keeps the figures of a program that ended, and says how it ended", async () => {
      session.process.stdin?.write("\n");
      await page.locator(".time.ended", { hasText: "exit status 3" }).waitFor();
      await page.locator("heapatlas-heatmap canvas").waitFor();
    });

    it("says when the session is gone, and offers to try again", async () => {
      await session.hears("the page stays until Ctrl-C");
      await session.end();
      await page.locator(".banner", { hasText: "The connection to HeapAtlas was lost" }).waitFor();
      await page.locator(".banner button", { hasText: "Try now" }).waitFor();
      assert.deepEqual(complaints, []);
    });
  },
);
