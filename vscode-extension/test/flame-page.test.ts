// The flame graph on the built page, in a real browser against the replay server.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { Locator, Page } from "playwright-core";
import { samplePage } from "./sample-page.ts";

/** Row and column of the picture, in CSS pixels. */
const ROW = 20;

describe("the flame graph on the page", { timeout: 120_000 }, () => {
  const sample = samplePage(false);
  after(() => assert.deepEqual(sample.complaints, []));

  async function open(token: string, width = 1280): Promise<{ readonly page: Page; readonly panel: Locator }> {
    const page = await sample.open(token, { width, height: 900 });
    const panel = page.locator('heapatlas-widget-host[data-view="memory.flame"]');
    await panel.locator("canvas").waitFor();
    await panel.scrollIntoViewIfNeeded();
    return { page, panel };
  }

  const here = (panel: Locator): Locator => panel.locator('[role="treeitem"][aria-selected="true"]');

  it("zooms in by click and key, and back by breadcrumb and key to where it was", async () => {
    const { page, panel } = await open("data");
    const flames = panel.locator(".flames");
    const crumbs = panel.locator("nav");
    await flames.click({ position: { x: 40, y: 1.5 * ROW } });
    await crumbs.filter({ hasText: "All stacks" }).filter({ hasText: /_8/ }).waitFor();
    await here(panel)
      .filter({ hasText: /_8: 32 MiB, 50 % of all\s*$/ })
      .waitFor();
    await flames.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await here(panel)
      .filter({ hasText: /9.60 MiB, 15.0 % of all, 30.0 % of its caller/ })
      .waitFor();
    await page.keyboard.press("Enter");
    await here(panel)
      .filter({ hasText: /9.60 MiB, 15.0 % of all\s*$/ })
      .waitFor();
    await page.keyboard.press("Backspace");
    await here(panel)
      .filter({ hasText: /30.0 % of its caller/ })
      .waitFor();
    await crumbs.getByRole("button", { name: "All stacks" }).click();
    await crumbs.waitFor({ state: "detached" });
    await here(panel)
      .filter({ hasText: /_8: 32 MiB, 50 % of all, 50 % of its caller/ })
      .waitFor();
    await page.close();
  });

  it("searches, says what the matches hold, and goes from one to the next", async () => {
    const { page, panel } = await open("data");
    const box = panel.getByRole("searchbox", { name: "Search functions" });
    await box.fill("storage::");
    await panel.locator(".found", { hasText: /^\d+ matches hold .+ MiB, [\d.]+ %$/ }).waitFor();
    await box.press("Enter");
    await here(panel).filter({ hasText: "storage::" }).waitFor();
    await box.fill("no such function");
    await panel.locator(".found", { hasText: "Nothing matches" }).waitFor();
    await box.press("Escape");
    assert.equal(await box.inputValue(), "");
    assert.equal(await panel.locator(".found").innerText(), "");
    await page.close();
  });

  it("says beside the pointer what a node holds, and copies its source line where no editor opens it", async () => {
    const { page, panel } = await open("data");
    await panel.locator(".flames").hover({ position: { x: 40, y: 1.5 * ROW } });
    const tooltip = panel.locator(".tooltip", { hasText: "Buffer const&" });
    for (const words of [/Live bytes\s*32 MiB/, /Of all\s*50 %/, /Of its caller\s*50 %/]) {
      await tooltip.filter({ hasText: words }).waitFor();
    }
    const asked = page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener("heapatlas-open-source", (event) => resolve((event as CustomEvent).detail));
        }),
    );
    await panel.locator(".flames").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("o");
    assert.deepEqual(await asked, { path: "/src/server/net/append.cc", line: 44 });
    await page.close();
  });

  it("asks for another metric, and colours by package", async () => {
    const { page, panel } = await open("data");
    await panel.getByRole("button", { name: "Live allocations" }).click();
    await panel.getByRole("button", { name: "Live allocations", pressed: true }).waitFor();
    await panel.locator(".legend", { hasText: "libstorage.so.2" }).waitFor();
    await panel.getByLabel("Colour by").selectOption("package");
    await panel.locator(".legend", { hasText: "query" }).waitFor();
    assert.match(await panel.locator(".legend").innerText(), /\d more/);
    await page.close();
  });

  it("draws more than ten thousand nodes fast enough to follow the pointer", async () => {
    const { page, panel } = await open("data-12000");
    const milliseconds = await panel.locator("heapatlas-flame-graph").evaluate(async (element) => {
      const widget = element as HTMLElement & { requestUpdate(): void; updateComplete: Promise<boolean> };
      const start = performance.now();
      for (let i = 0; i < 10; i++) {
        widget.requestUpdate();
        await widget.updateComplete;
      }
      return (performance.now() - start) / 10;
    });
    assert.ok(milliseconds < 200, `${milliseconds} ms a picture`);
    await page.close();
  });

  it("looks as it should, wide and narrow, light and dark", async () => {
    const folder = process.env["PICTURES"];
    for (const width of [1280, 300]) {
      const { page, panel } = await open("data", width);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        if (folder !== undefined) await panel.screenshot({ path: `${folder}/flame-${width}-${colorScheme}.png` });
      }
      await page.close();
    }
  });
});
