// The bytes of memory on the built page in a real browser, over sample frames: keys, pointer, edits, widths. With a folder in
// PICTURES it leaves screenshots there.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Locator, Page } from "playwright-core";
import { samplePage } from "./sample-page.ts";

interface Asked {
  readonly action: string;
  readonly target?: string;
  readonly arguments?: Readonly<Record<string, string | number>>;
}

describe("memory on the page", { timeout: 120_000 }, () => {
  const sample = samplePage();
  const asked: Asked[] = [];

  async function open(width = 1280): Promise<{ readonly page: Page; readonly hex: Locator }> {
    const hears = async (page: Page): Promise<void> => {
      await page.exposeFunction("asked", (act: Asked) => asked.push(act));
    };
    const page = await sample.open("bytes", { width, first: hears });
    await page.evaluate(() => {
      const { asked } = window as unknown as { asked: (act: unknown) => void };
      document.addEventListener("heapatlas-act", (event) => asked((event as CustomEvent).detail));
    });
    const hex = page.locator("heapatlas-hex");
    await hex.locator(".cell[data-index='32']").waitFor();
    asked.length = 0;
    return { page, hex };
  }

  const acted = (action: string): Asked | undefined => asked.findLast((act) => act.action === action);

  it("shows bytes, letters, blocks and what changed, and complains of nothing", async () => {
    const { page, hex } = await open();
    await hex.locator(".line", { hasText: "redis:key" }).waitFor();
    assert.equal(await hex.locator(".cell.cursor").innerText(), "72");
    await hex.locator(".cell.changed").first().waitFor();
    await hex.locator(".legend", { hasText: "56 B by sdsnewlen" }).waitFor();
    await hex.locator(".panel", { hasText: '"redis:key:0000004711"' }).waitFor();
    assert.deepEqual(sample.complaints, []);
    await page.close();
  });

  it("moves by keys, says where it is, follows the pointer under the cursor and comes back", async () => {
    const { page, hex } = await open();
    await hex.locator(".cell.cursor").focus();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
    await hex.locator(".status", { hasText: "0x55d0c2a01041" }).waitFor();
    for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowRight");
    await hex.locator(".panel", { hasText: "1.5 KiB by dictExpand + 0x20" }).waitFor();
    await page.keyboard.press("Enter");
    await hex.locator(".status", { hasText: "0x55d0c2a01820" }).waitFor();
    assert.equal(acted("follow")?.target, "0x55d0c2a01048");
    await page.keyboard.press("Alt+ArrowLeft");
    await page.waitForFunction(() => true);
    assert.ok(acted("back"));
    await page.keyboard.press("1");
    assert.equal(await page.locator("dialog[open]").count(), 0);
    await page.close();
  });

  it("goes to what is typed, searches, and selects to copy", async () => {
    const { page, hex } = await open();
    await hex.locator(".cell.cursor").focus();
    await page.keyboard.press("Control+g");
    await page.keyboard.type("0x55d0c2a01100");
    await page.keyboard.press("Enter");
    await hex.locator(".status", { hasText: "0x55d0c2a01100" }).waitFor();
    await page.keyboard.press("Control+f");
    await page.keyboard.type('"key"');
    await page.keyboard.press("Enter");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    assert.deepEqual(acted("search"), {
      action: "search",
      target: "0x55d0c2a01100",
      arguments: { text: '"key"' },
    });
    assert.equal(await hex.locator(".cell.chosen").count(), 3);
    await page.close();
  });

  it("writes what is typed only when it is confirmed, and Escape discards it", async () => {
    const { page, hex } = await open();
    await hex.locator(".cell.cursor").focus();
    await page.keyboard.type("4");
    const bar = hex.locator(".confirm", { hasText: "Write 1 byte at 0x55d0c2a01020 of redis-server[2741]?" });
    await bar.waitFor();
    await page.keyboard.press("Enter");
    assert.equal(acted("write"), undefined);
    await page.keyboard.press("Escape");
    await bar.waitFor({ state: "detached" });
    await hex.locator(".cell[data-index='32']").click();
    await page.keyboard.type("4142");
    await hex.locator(".confirm", { hasText: "Write 2 bytes" }).waitFor();
    await page.keyboard.press("Enter");
    await hex.locator(".line", { hasText: "ABdis:key" }).waitFor();
    assert.deepEqual(acted("write"), {
      action: "write",
      target: "0x55d0c2a01020",
      arguments: { bytes: "4142" },
    });
    await page.close();
  });

  it("scrolls past the window's ends by keys, and shows what cannot be read as such", async () => {
    const { page, hex } = await open();
    await hex.locator(".cell.cursor").focus();
    for (let i = 0; i < 40; i++) await page.keyboard.press("PageDown");
    await hex.locator(".cell.unreadable", { hasText: "··" }).first().waitFor();
    await hex.locator(".why", { hasText: "No page is mapped there" }).waitFor();
    await page.close();
  });

  it("fits narrow and wide, light and dark", async () => {
    const folder = process.env["PICTURES"];
    for (const width of [1280, 420, 300]) {
      const { page, hex } = await open(width);
      const columns = width > 800 ? 16 : 8;
      await hex.locator(`[role=grid][aria-colcount='${columns + 1}']`).waitFor();
      assert.ok(await page.evaluate((most) => document.documentElement.scrollWidth <= most, width));
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await hex.scrollIntoViewIfNeeded();
        if (folder !== undefined) await page.screenshot({ path: `${folder}/hex-${width}-${colorScheme}.png` });
      }
      await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
      if (folder !== undefined) await page.screenshot({ path: `${folder}/hex-${width}-contrast.png` });
      await page.close();
    }
  });
});
