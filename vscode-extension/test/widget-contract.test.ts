// What every widget kind must do, whatever it shows: each with its sample frame, in the editor's four standard themes, wide
// and narrow, in a real browser. Chromium and the fonts are of tests/packages.txt.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import type { WidgetKind } from "../widgets/widget-data.ts";
import { differenceFrom } from "./stored-pictures.ts";
import { THEMES, type Theme } from "./vscode-themes.ts";
import { KINDS, SAMPLES, STYLES } from "./widget-samples.ts";
import { dress, photograph, said, show, WidgetStage } from "./widget-stage.ts";

const SIZES = [
  { name: "wide", width: 900, height: 480 },
  { name: "narrow", width: 320, height: 560 },
] as const;
const [WIDE, NARROW] = SIZES;
const [LIGHT, DARK] = THEMES as readonly [Theme, Theme, ...Theme[]];
const EMPTY = "No program is watched yet. Start one with ./heapatlas run -- PROGRAM.";
const ERROR = "The collector on this node ended; start it again with ./heapatlas collector.";
const MOST_STOPS = 150;

describe("every widget kind", { timeout: 600_000 }, () => {
  let stage: WidgetStage;
  let axe: string;

  before(async () => {
    stage = await WidgetStage.start();
    axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  });
  after(() => stage.end());

  const showSample = (page: Page, kind: WidgetKind): Promise<void> => show(page, SAMPLES[kind], STYLES[kind]);

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const results = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run(root: Document, options: RunOptions): Promise<AxeResults> } };
      return await axe.run(document, { resultTypes: ["violations"] });
    });
    return results.violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary = "" }) => `${id}: ${html}\n${failureSummary}`));
  }

  for (const kind of KINDS) {
    for (const size of SIZES) {
      it(`draws a ${kind} as stored, ${size.name}, and axe finds nothing grave`, async () => {
        const page = await stage.open(size, LIGHT);
        await showSample(page, kind);
        const problems: string[] = [];
        for (const theme of THEMES) {
          await dress(page, theme);
          const difference = await differenceFrom(`${kind}-${size.name}-${theme.name}`, await photograph(page));
          if (difference !== undefined) problems.push(difference);
          for (const violation of await violations(page)) problems.push(`${theme.name}: ${violation}`);
        }
        assert.deepEqual(problems, []);
        await page.close();
      });
    }

    it(`says of a ${kind} that is awaited, empty or failed what to do`, async () => {
      const page = await stage.open(NARROW, DARK);
      const head = { ...SAMPLES[kind], data: undefined };
      for (const [frame, role, words] of [
        [undefined, "status", "Waiting for the first data…"],
        [{ ...head, empty: EMPTY }, "status", EMPTY],
        [{ ...head, error: ERROR }, "alert", ERROR],
      ] as const) {
        const style = STYLES[kind] === "bare" && frame === undefined ? "framed" : STYLES[kind];
        await show(page, frame, style);
        await page.getByRole(role).filter({ hasText: words }).waitFor();
        assert.equal(await page.getByRole("button", { name: /^Copy as/ }).count(), 0);
        assert.deepEqual(await violations(page), []);
      }
      await page.close();
    });

    it(`lets the keyboard reach everything of a ${kind}, and shows where it is`, async () => {
      const page = await stage.open(WIDE, LIGHT);
      await showSample(page, kind);
      const { missed, unseen } = await walk(page);
      assert.deepEqual({ missed, unseen }, { missed: [], unseen: [] });
      await page.close();
    });

    it(`copies a ${kind} as text and as a picture, and leaves to the host what the browser refuses`, async () => {
      const page = await stage.open(WIDE, LIGHT);
      await showSample(page, kind);
      await page.getByRole("button", { name: /^Copy as (CSV|Markdown)$/ }).click();
      await page.waitForFunction(() => "said" in window && JSON.stringify(window.said).includes("copied."));
      const text = await page.evaluate(() => navigator.clipboard.readText());
      assert.ok(text.includes("\n") && text.length > 50, text);
      await page.getByRole("button", { name: "Copy as image" }).click();
      await page.waitForFunction(() => "said" in window && JSON.stringify(window.said).includes("The picture of"));
      assert.ok((await coloursOfClipboard(page)) > 20);
      await page.evaluate(() => {
        const refuse = (): Promise<never> => Promise.reject(new Error("not here"));
        Object.assign(navigator.clipboard, { writeText: refuse, write: refuse });
      });
      for (const button of await page.getByRole("button", { name: /^Copy as/ }).all()) await button.click();
      await page.waitForFunction(() => "said" in window && JSON.stringify(window.said).includes('"kind":"save"'));
      const kept = (await said(page)).filter((message) => message.kind === "copy" || message.kind === "save");
      assert.deepEqual(kept.map((message) => message.kind).sort(), ["copy", "save"]);
      assert.ok(kept.some((message) => message.kind === "copy" && message.text === text));
      await page.close();
    });
  }

  it("complains of nothing under the webviews' policy", () => {
    assert.deepEqual(stage.complaints, []);
  });
});

/** Presses Tab until it comes round. */
async function walk(page: Page): Promise<{ missed: readonly string[]; unseen: readonly string[] }> {
  await page.evaluate(() => {
    const inside = (root: ParentNode): Element[] =>
      [...root.querySelectorAll("*")].flatMap((element) => [
        element,
        ...(element.shadowRoot === null ? [] : inside(element.shadowRoot)),
      ]);
    const isStop = (element: Element): boolean =>
      element.matches("button:not(:disabled), input, select, summary, a[href], [tabindex]") &&
      (element as HTMLElement).tabIndex >= 0 &&
      element.checkVisibility({ visibilityProperty: true });
    const stops = new Set(inside(document).filter(isStop));
    const unseen: string[] = [];
    const name = (element: Element): string => element.outerHTML.replace(/<!--.*?-->/g, "").slice(0, 120);
    Object.assign(window, {
      focused: (): boolean => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        if (element === null || element === document.body) return false;
        const style = getComputedStyle(element);
        if (style.outlineStyle === "none" || !(Number.parseFloat(style.outlineWidth) >= 1)) unseen.push(name(element));
        stops.delete(element);
        return true;
      },
      outcome: () => ({ missed: [...stops].map(name), unseen }),
    });
  });
  interface Walker {
    focused(): boolean;
    outcome(): { missed: readonly string[]; unseen: readonly string[] };
  }
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press("Tab");
    if (!(await page.evaluate(() => (window as unknown as Walker).focused()))) break;
  }
  return await page.evaluate(() => (window as unknown as Walker).outcome());
}

/** How many colours the picture on the clipboard has: an empty one has a few. */
async function coloursOfClipboard(page: Page): Promise<number> {
  return await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    if (item === undefined) return 0;
    const picture = await createImageBitmap(await item.getType("image/png"));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d");
    context?.drawImage(picture, 0, 0);
    const { data = new Uint8ClampedArray() } = context?.getImageData(0, 0, picture.width, picture.height) ?? {};
    return new Set(new Uint32Array(data.buffer)).size;
  });
}
