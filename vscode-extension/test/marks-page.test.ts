// The lane of marks in the time bar, in a real browser against the replay server. With a folder in PICTURES it leaves
// screenshots there, light and dark, from narrow to wide.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Locator, Page } from "playwright-core";
import { samplePage } from "./sample-page.ts";

describe("the marks in the time bar", { timeout: 120_000 }, () => {
  const sample = samplePage(false);

  /** The page of a scenario, and the marks that were asked for on it. */
  async function open(token: string, width = 1280): Promise<{ page: Page; marks: Locator; asked: string[] }> {
    const asked: string[] = [];
    const hears = async (page: Page): Promise<void> => {
      await page.exposeFunction("asked", (id: string) => asked.push(id));
      await page.addInitScript(() => {
        const { asked } = window as unknown as { asked: (id: string) => void };
        document.addEventListener("heapatlas-act", (event) => {
          const { action, target } = (event as CustomEvent<{ action: string; target: string }>).detail;
          if (action === "mark") asked(target);
        });
      });
    };
    const page = await sample.open(token, { width, first: hears });
    const marks = page.locator("heapatlas-mark-lane .mark");
    await marks.first().waitFor();
    return { page, marks, asked };
  }

  it("stand above their instants, one for those that lie together, and have a shape for each severity", async () => {
    const { page, marks } = await open("replayed");
    const plot = await page.locator("heapatlas-timeline .plot").boundingBox();
    assert.ok(plot);
    assert.deepEqual(await marks.allInnerTexts(), ["2", "", "3", ""]);
    for (const [index, at] of [12.5, 27, 41, 59.5].entries()) {
      const box = await marks.nth(index).locator("svg").boundingBox();
      assert.ok(box && Math.abs(box.x + box.width / 2 - plot.x - (plot.width * at) / 59.5) < 2, `mark ${index}`);
      assert.ok(box.y + box.height <= plot.y);
    }
    const shapes = await marks.locator("path").evaluateAll((paths) => paths.map((path) => path.getAttribute("d")));
    assert.equal(new Set(shapes).size, 3);
    const legend = page.locator("heapatlas-timeline .legend");
    assert.match(
      await legend.innerText(),
      /^Findings:\s+error\s+warning\s+information\s+8 more findings without a mark$/,
    );
    await page.close();
  });

  it("have no lane where nothing stands out", async () => {
    const { page, marks } = await open("replayed");
    await page.locator("heapatlas-timeline").evaluate((element) => {
      const timeline = element as HTMLElement & { frame: { data: object } };
      timeline.frame = { ...timeline.frame, data: { ...timeline.frame.data, marks: undefined } };
    });
    await marks.first().waitFor({ state: "detached" });
    assert.equal(await page.locator("heapatlas-timeline .legend, heapatlas-mark-lane").count(), 0);
    assert.match(await page.locator("heapatlas-timeline .names").innerText(), /^Live bytes\s+Allocations\s+Threads$/);
    await page.close();
  });

  it("say beside the pointer what they are of", async () => {
    const { page, marks } = await open("replayed");
    await marks.nth(1).hover();
    const tip = page.locator("heapatlas-mark-lane .tip");
    for (const words of ["warning: invalid-free", "in networkingReadQuery", "at 27.000 s"]) {
      await tip.filter({ hasText: words }).waitFor();
    }
    await page.mouse.move(10, 10);
    await tip.waitFor({ state: "detached" });
    await page.close();
  });

  it("lead to what they mark by a click, and move no cursor beside that", async () => {
    const { page, marks, asked } = await open("data");
    await marks.nth(2).click();
    // The first of these two is chosen already, so that a press goes on to the second.
    await marks.nth(0).click();
    await page.waitForFunction(() => true);
    assert.deepEqual(asked, ["4", "2"]);
    await page.close();
  });

  it("bring the row with the evidence into sight, opened, once", async () => {
    const { page, marks } = await open("replayed");
    const table = page.locator("heapatlas-table");
    await table.locator(".row[aria-rowindex='2']").waitFor();
    await marks.nth(1).click();
    const row = table.locator(".row.selected");
    await row.locator(".stack", { hasText: "__libc_start_call_main" }).waitFor();
    assert.equal(await row.getAttribute("aria-rowindex"), "501");
    const box = await row.boundingBox();
    assert.ok(box && box.y > 0 && box.y + 29 < 800, JSON.stringify(box));
    await table.locator(".scroll").evaluate((element) => (element.scrollTop = 0));
    await table.locator(".row[aria-rowindex='2']").locator(".text").first().waitFor();
    await page.close();
  });

  it("are one stop of the keyboard, which moves among them and goes there", async () => {
    const { page, marks, asked } = await open("replayed");
    // Behind the buttons of the bar, the last of which compares.
    await page.locator("heapatlas-timeline .bar").locator("button, input, select").last().focus();
    await page.keyboard.press("Tab");
    assert.match((await focusedLabel(page)) ?? "", /^error: double-free, .*, 1 of 2 here; press again for the next$/);
    for (const key of ["ArrowRight", "Enter", "End", "Enter", "ArrowRight", "ArrowLeft", "Enter", "Home", "Enter"]) {
      await page.keyboard.press(key);
    }
    await page.waitForFunction(() => true);
    assert.deepEqual(asked, ["3", "7", "4", "2"]);
    await page.locator("heapatlas-mark-lane .tip", { hasText: "double-free" }).waitFor();
    assert.equal(await marks.nth(0).getAttribute("tabindex"), "0");
    await page.keyboard.press("Tab");
    await page.waitForFunction(
      () =>
        document.querySelector("heapatlas-app")?.shadowRoot?.activeElement?.getAttribute("data-view") ===
        "memory.timeline",
    );
    assert.match((await focusedLabel(page)) ?? "", /^Time\. .*Findings: 14\./);
    await page.close();
  });

  it("are heard: the lane's name, each mark's, and which one is chosen", async () => {
    const { page } = await open("replayed");
    await page.getByRole("group", { name: /^Findings: 14, 8 more findings without a mark\. Arrow keys/ }).waitFor();
    const current = page.locator("heapatlas-mark-lane [aria-current='true']");
    assert.equal(await current.count(), 1);
    await page
      .getByRole("button", { name: /^information: churn, 40 B a request .* the first of 3 here, a press each$/ })
      .waitFor();
    await page.close();
  });

  it("fit from narrow to wide, light and dark, with what they say in sight", async () => {
    const folder = process.env["PICTURES"];
    for (const width of [400, 800, 1600]) {
      const { page, marks } = await open("replayed", width);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.waitForFunction((most) => document.documentElement.scrollWidth <= most, width);
        for (const mark of [marks.first(), marks.nth(1), marks.last()]) {
          await mark.hover();
          const box = await page.locator("heapatlas-mark-lane .tip").boundingBox();
          assert.ok(box && box.x >= 0 && box.x + box.width <= width, `${width}: ${JSON.stringify(box)}`);
        }
        if (folder !== undefined) await page.screenshot({ path: `${folder}/marks-${width}-${colorScheme}.png` });
      }
      await page.close();
    }
  });
});

/** The name of what has the keyboard, however deep it lies. */
async function focusedLabel(page: Page): Promise<string | null> {
  return await page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute("aria-label") ?? null;
  });
}
