// Playing in the time bar, in a real browser against the replay server. With a folder in PICTURES it leaves screenshots
// there, of each way in which time can go, light and dark, wide and narrow.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { samplePage } from "./sample-page.ts";

const WAYS = [
  { name: "still", time: { live: false, replayed: true, pace: 0, direction: "forward" }, words: "Stands still" },
  { name: "forward", time: { live: false, replayed: true, pace: 10, direction: "forward" }, words: "Plays 10×" },
  {
    name: "backward",
    time: { live: false, replayed: true, pace: -1, direction: "backward" },
    words: "Plays backward 1×",
  },
  { name: "live", time: { live: true, replayed: false, pace: 0 }, words: "Live" },
] as const;

describe("the time bar of a recording", { timeout: 120_000 }, () => {
  const sample = samplePage(false);

  async function goes(page: Page, time: object): Promise<void> {
    await page.locator("heapatlas-timeline").evaluate((element, time) => {
      const timeline = element as HTMLElement & { frame: { time: object } };
      timeline.frame = { ...timeline.frame, time: { ...timeline.frame.time, ...time } };
    }, time);
  }

  async function open(width = 1280): Promise<{ page: Page; asked: unknown[] }> {
    const asked: unknown[] = [];
    const hears = async (page: Page): Promise<void> => {
      await page.exposeFunction("asked", (act: unknown) => asked.push(act));
      await page.addInitScript(() => {
        const { asked } = window as unknown as { asked: (act: unknown) => void };
        document.addEventListener("heapatlas-act", (event) => asked((event as CustomEvent).detail));
      });
    };
    const page = await sample.open("replayed", { width, first: hears });
    await page.locator("heapatlas-timeline .sign").waitFor();
    return { page, asked };
  }

  it("tells each way in which time can go by words, by shape and by colour", async () => {
    const { page } = await open();
    const seen = { shapes: new Set<string | null>(), colours: new Set<string>(), cursors: new Set<string | null>() };
    for (const { time, words } of WAYS) {
      await goes(page, time);
      const sign = page.locator("heapatlas-timeline .sign", { hasText: words });
      await sign.waitFor();
      seen.shapes.add(await sign.locator("path").getAttribute("d"));
      seen.colours.add(await sign.evaluate((element) => getComputedStyle(element).borderTopColor));
      seen.cursors.add(await page.locator("heapatlas-timeline .cursor path").getAttribute("d"));
    }
    assert.deepEqual([seen.shapes.size, seen.colours.size, seen.cursors.size], [4, 4, 4]);
    await page.close();
  });

  it("is played, paused, sped up, marked and compared by its buttons", async () => {
    const { page, asked } = await open();
    const press = (name: string): Promise<void> => page.getByRole("button", { name }).click();
    await press("Play (Space)");
    await press("Play backward");
    await press("Next finding");
    await press("Mark A here");
    await page.getByLabel("Speed").selectOption("100");
    await goes(page, { pace: -1, direction: "backward" });
    await press("Pause");
    await page.locator("heapatlas-timeline .compare").click();
    await page.waitForFunction(() => true);
    assert.deepEqual(asked, [
      { action: "play", arguments: { direction: "forward" } },
      { action: "play", arguments: { direction: "backward" } },
      { action: "nextFinding" },
      { action: "markA" },
      { action: "speed", target: "100" },
      { action: "pause" },
      { action: "compare" },
    ]);
    await page.close();
  });

  it("is played by the keyboard alone", async () => {
    const { page, asked } = await open();
    await page.locator("heapatlas-timeline .plot").focus();
    for (const key of [" ", "Shift+ ", "[", "]", "<", ">", "+", "c"]) await page.keyboard.press(key);
    await page.waitForFunction(() => true);
    assert.deepEqual(
      asked.map((act) => (act as { action: string }).action),
      ["play", "play", "markA", "markB", "previousFinding", "nextFinding", "speed", "compare"],
    );
    await page.close();
  });

  it("plays once while Space is held, and does not scroll", async () => {
    const { page, asked } = await open();
    await page.locator("heapatlas-timeline .plot").focus();
    for (let time = 0; time < 4; ++time) await page.keyboard.down(" ");
    await page.keyboard.up(" ");
    await page.waitForFunction(() => true);
    assert.deepEqual(asked, [{ action: "play", arguments: { direction: "forward" } }]);
    assert.equal(await page.evaluate(() => scrollY), 0);
    await page.close();
  });

  it("leaves the Enter of an input method alone, and goes to the instant at the next", async () => {
    const { page, asked } = await open();
    const field = page.getByLabel("Go to an instant");
    await field.fill("12.5s");
    const composed = { key: "Enter", bubbles: true, composed: true, isComposing: true };
    await field.dispatchEvent("keydown", composed);
    await page.waitForFunction(() => true);
    assert.deepEqual(asked, []);
    assert.equal(await field.inputValue(), "12.5s");
    await field.press("Enter");
    await page.waitForFunction(() => true);
    assert.deepEqual(asked, [{ action: "seek", target: "12.5s" }]);
    await page.close();
  });

  it("fits from narrow to wide, whichever way time goes", async () => {
    const folder = process.env["PICTURES"];
    for (const width of [360, 760, 1280]) {
      const { page } = await open(width);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        for (const { name, time } of WAYS) {
          await goes(page, time);
          await page.waitForFunction((most) => document.documentElement.scrollWidth <= most, width);
          if (folder === undefined) continue;
          const bar = page.locator("heapatlas-timeline");
          await bar.screenshot({ path: `${folder}/time-${width}-${colorScheme}-${name}.png` });
        }
      }
      await page.close();
    }
    assert.deepEqual(sample.complaints, []);
  });
});
