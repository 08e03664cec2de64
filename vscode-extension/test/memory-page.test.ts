// Memory on the page, of a real program: kvstore, built with the native side. With a folder in PICTURES it leaves screenshots
// there.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { openBrowser } from "./browser.ts";
import { startSession, type LiveSession } from "./live-session.ts";

const program = fileURLToPath(new URL("../../native-bridge/build/bin/kvstore", import.meta.url));

describe(
  "memory of a real program on the page",
  { timeout: 240_000, skip: existsSync(program) ? false : "the native side is not built" },
  () => {
    let browser: Browser;
    let session: LiveSession;
    let page: Page;
    let hex: Locator;

    before(async () => {
      session = await startSession(["run", "--page", "--", program, "3000"]);
      browser = await openBrowser();
      page = await browser.newPage({ viewport: { width: 1440, height: 1400 } });
      page.setDefaultTimeout(15_000);
      await page.goto(session.page);
      hex = page.locator("heapatlas-hex");
    });

    after(async () => {
      // The program runs until its input ends, and the page's server as long as the program.
      session.process.stdin?.end();
      await page.locator(".time.ended").waitFor();
      await session.hears("the page stays until Ctrl-C");
      await browser.close();
      await session.end();
    });

    it("begins at a block, and says who allocated it", async () => {
      await hex.locator(".panel h3", { hasText: /^Block of / }).waitFor();
      await hex.locator(".cell.top.left.cursor").waitFor();
    });

    it("shows the bytes of what was chosen in the heap map", async () => {
      const map = page.locator("heapatlas-heatmap .map");
      await map.focus();
      const detail = page.locator("heapatlas-heatmap .detail");
      for (const key of ["End", "Space"]) await page.keyboard.press(key);
      await detail.waitFor();
      await page.locator("button", { hasText: "Show its bytes" }).click();
      await page.waitForFunction(() => {
        const app = document.querySelector("heapatlas-app")?.shadowRoot;
        const host = app?.querySelector("heapatlas-widget-host[data-view='memory.bytes']");
        const top = host?.getBoundingClientRect().top ?? -1;
        return top > -1 && top < innerHeight;
      });
      const folder = process.env["PICTURES"];
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        if (folder !== undefined) await hex.screenshot({ path: `${folder}/memory-${colorScheme}.png` });
      }
    });

    it("writes a byte once it is confirmed", async () => {
      await hex.locator(".cell[tabindex='0']").focus();
      // What stands there already: the program shall not suffer.
      const { digits, place } = await hex.evaluate((element) => {
        const cell = element.shadowRoot?.querySelector(".cell.cursor");
        const status = element.shadowRoot?.querySelector(".status")?.textContent ?? "";
        return { digits: cell?.textContent ?? "", place: status.split(":")[0] ?? "" };
      });
      assert.match(digits, /^[0-9a-f]{2}$/);
      await page.keyboard.type(digits);
      await hex.locator(".confirm", { hasText: `Write 1 byte at ${place} of kvstore[` }).waitFor();
      await page.keyboard.press("Enter");
      await page.locator(".notice", { hasText: `1 byte was written at ${place} of kvstore[` }).waitFor();
    });
  },
);
