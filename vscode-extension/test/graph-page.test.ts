// The graph on the built page, in a real browser against the replay server.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { Locator, Page } from "playwright-core";
import { samplePage } from "./sample-page.ts";

describe("the graph on the page", { timeout: 120_000 }, () => {
  const sample = samplePage(false);
  after(() => assert.deepEqual(sample.complaints, []));

  async function open(width = 1280): Promise<{ readonly page: Page; readonly panel: Locator }> {
    const page = await sample.open("data", { width, height: 900 });
    const panel = page.locator('heapatlas-widget-host[data-view="memory.callers"]');
    await panel.locator(".node").first().waitFor();
    await panel.scrollIntoViewIfNeeded();
    return { page, panel };
  }

  it("moves between nodes by keys, leads further by Enter and double click, and goes back", async () => {
    const { page, panel } = await open();
    const graph = panel.locator(".graph");
    const status = panel.locator(".status");
    await graph.focus();
    await page.keyboard.press("ArrowRight");
    await status.filter({ hasText: "aeProcessEvents: 60 MiB; edges: 1 into it, 2 out of it" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await panel.locator("nav", { hasText: "processCommandAndResetClient" }).waitFor();
    await panel.locator(".node.selected", { hasText: "processCommand" }).waitFor();
    assert.equal(await panel.locator(".node", { hasText: "serverCron" }).count(), 0);
    await panel.locator(".node", { hasText: "sdsnewlen" }).dblclick();
    await panel.locator("nav .here", { hasText: "sdsnewlen" }).waitFor();
    await graph.focus();
    await page.keyboard.press("Backspace");
    await panel.locator("nav .here", { hasText: "processCommandAndResetClient" }).waitFor();
    await panel.locator("nav").getByRole("button", { name: "All functions" }).click();
    await panel.locator(".node", { hasText: "serverCron" }).waitFor();
    await page.close();
  });

  it("is enlarged by keys and, while it is in use, by the wheel; is moved by dragging, and fits again", async () => {
    const { page, panel } = await open();
    const graph = panel.locator(".graph");
    const transform = async (): Promise<string> => (await panel.locator("svg > g").getAttribute("transform")) ?? "";
    const begun = await transform();
    const box = await graph.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 40, box.y + 10);
    await page.mouse.wheel(0, 40);
    assert.equal(await transform(), begun, "a page is scrolled past it");
    await graph.focus();
    await page.keyboard.press("0");
    const fitted = await transform();
    await page.keyboard.press("+");
    assert.match(await transform(), /scale\(/);
    assert.notEqual(await transform(), fitted);
    await page.keyboard.press("0");
    assert.equal(await transform(), fitted);
    const now = await graph.boundingBox();
    assert.ok(now);
    await page.mouse.move(now.x + 20, now.y + 20);
    await page.mouse.wheel(0, -200);
    await page.waitForFunction(
      ([before]) => {
        const host = document.querySelector("heapatlas-app")?.shadowRoot?.querySelector('[data-view="memory.callers"]');
        const widget = host?.shadowRoot?.querySelector("heapatlas-graph");
        return widget?.shadowRoot?.querySelector("svg > g")?.getAttribute("transform") !== before;
      },
      [fitted],
    );
    await panel.getByRole("button", { name: "Fit" }).click();
    assert.equal(await transform(), fitted);
    await page.mouse.move(now.x + 20, now.y + 20);
    await page.mouse.down();
    await page.mouse.move(now.x + 70, now.y + 40, { steps: 3 });
    await page.mouse.up();
    assert.notEqual(await transform(), fitted);
    await page.close();
  });

  it("says the same in a table for those who hear it, and what is left out", async () => {
    const { page, panel } = await open();
    await panel.getByRole("application", { name: /Call graph: 13 nodes, 20 edges/ }).waitFor();
    const row = panel.getByRole("row", { name: /^dictResize, redis-server/ });
    await row.filter({ hasText: "serverCron → dictResize: 14 MiB" }).waitFor({ state: "attached" });
    await panel.locator(".rest", { hasText: "212 more functions" }).waitFor();
    await panel.locator(".node", { hasText: "dictResize" }).hover();
    await panel.locator(".tooltip", { hasText: /Live bytes\s*14 MiB/ }).waitFor();
    await page.close();
  });

  it("looks as it should, wide and narrow, light and dark", async () => {
    const folder = process.env["PICTURES"];
    for (const width of [1280, 300]) {
      const { page, panel } = await open(width);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        if (folder !== undefined) await panel.screenshot({ path: `${folder}/graph-${width}-${colorScheme}.png` });
      }
      await page.close();
    }
  });
});
