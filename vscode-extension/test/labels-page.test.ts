// Labels and pools on the page, of a real program that declares them: kvstore, built with the native side. With a folder
// in PICTURES it leaves screenshots there, light and dark, wide and narrow.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "./browser.ts";
import { startSession, type LiveSession } from "./live-session.ts";

const program = fileURLToPath(new URL("../../native-bridge/build/bin/kvstore", import.meta.url));

describe(
  "labels and pools on the page",
  { timeout: 240_000, skip: existsSync(program) ? false : "the native side is not built" },
  () => {
    let browser: Browser;
    let session: LiveSession;
    let page: Page;

    before(async () => {
      session = await startSession(["run", "--page", "--", program, "3000"]);
      browser = await openBrowser();
      page = await browser.newPage({ viewport: { width: 1440, height: 1400 } });
      page.setDefaultTimeout(15_000);
      await page.goto(session.page);
    });

    after(async () => {
      // The program runs until its input ends, and the page's server as long as the program.
      session.process.stdin?.end();
      await page.locator(".time.ended").waitFor();
      await session.hears("the page stays until Ctrl-C");
      await browser.close();
      await session.end();
    });

    const panel = (view: string): ReturnType<Page["locator"]> =>
      page.locator(`heapatlas-widget-host[data-view="${view}"]`);

    it("shows tags, and tenants, object types and arenas by a press", async () => {
      const tags = panel("memory.tags");
      await tags.locator(".row", { hasText: "index" }).waitFor();
      await tags.locator(".row", { hasText: "log" }).waitFor();
      await tags.locator("button", { hasText: "Tenants" }).click();
      await tags.locator(".row", { hasText: "north" }).waitFor();
      await tags.locator("button", { hasText: "Arenas" }).click();
      await tags.locator(".message pre", { hasText: "HEAPATLAS_ARENA" }).waitFor();
      await tags.locator("button", { hasText: "Object types" }).click();
      await tags.locator(".row", { hasText: "value" }).waitFor();
    });

    it("opens a label into its call sites and comes back by key", async () => {
      const tags = panel("memory.tags");
      await tags.locator(".row", { hasText: "value" }).click();
      await tags.locator(".row", { hasText: "put ← " }).first().waitFor();
      assert.equal(await tags.locator("nav .here").innerText(), "value");
      await tags.locator(".row").first().focus();
      await page.keyboard.press("Enter");
      await tags.locator(".stack li", { hasText: "kvstore.cc" }).first().waitFor();
      await page.keyboard.press("Backspace");
      await tags.locator(".row", { hasText: "value" }).waitFor();
      await tags.locator("nav").waitFor({ state: "detached" });
    });

    it("shows what a pool holds, uses and has free", async () => {
      const slab = panel("memory.pools").locator(".row", { hasText: "slab" });
      await slab.waitFor();
      const cells = await slab.locator(".cell").allInnerTexts();
      assert.match(cells[1] ?? "", /KiB$/);
      assert.match(cells[4] ?? "", /%$/);
    });

    it("fits narrow and wide, light and dark", async () => {
      const folder = process.env["PICTURES"];
      for (const [width, height] of [
        [1440, 1400],
        [420, 3000],
      ] as const) {
        await page.setViewportSize({ width, height });
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          // What is drawn follows the window a little later.
          await page.waitForFunction((most) => document.documentElement.scrollWidth <= most, width);
          if (folder !== undefined) await page.screenshot({ path: `${folder}/labels-${width}-${colorScheme}.png` });
        }
      }
    });
  },
);
