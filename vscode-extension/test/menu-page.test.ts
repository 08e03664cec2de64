// The menus of tiles, rows, nodes and bytes, in a real browser as the editor shows them. With a folder in PICTURES it leaves
// screenshots there.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import type { WidgetKind } from "../widgets/widget-data.ts";
import { THEMES, type Theme } from "./vscode-themes.ts";
import { SAMPLES } from "./widget-samples.ts";
import { said, show, WidgetStage } from "./widget-stage.ts";

const [LIGHT, DARK] = THEMES as readonly [Theme, Theme, ...Theme[]];
const ASK = { id: "ask", title: "Query This", view: "session.query" };

const FILTER = { id: "filter", title: "Filter by function", on: "frame" };

interface Point {
  readonly x: number;
  readonly y: number;
}
const CORNER: Point = { x: 8, y: 8 };

/** Where each kind has its things, and what the frame calls them. */
const KINDS: readonly { readonly kind: WidgetKind; readonly on: string; readonly thing: string; readonly at: Point }[] =
  [
    { kind: "heatmap", on: "tile", thing: ".map", at: { x: 300, y: 60 } },
    { kind: "table", on: "row", thing: ".row[aria-rowindex='3']", at: CORNER },
    { kind: "graph", on: "node", thing: "[data-node]", at: CORNER },
    { kind: "flameGraph", on: "node", thing: ".flames", at: { x: 60, y: 50 } },
    { kind: "hex", on: "byte", thing: ".cell[data-index='3']", at: CORNER },
  ];

describe("the menu of what is under the pointer", { timeout: 180_000 }, () => {
  let stage: WidgetStage;
  before(async () => {
    stage = await WidgetStage.start();
  });
  after(() => stage.end());

  async function open(kind: WidgetKind, on: string, theme = LIGHT): Promise<Page> {
    const page = await stage.open({ width: 900, height: 480 }, theme);
    const sample = SAMPLES[kind] as { readonly actions?: readonly object[] };
    await show(page, { ...sample, actions: [...(sample.actions ?? []), { ...ASK, on }, FILTER] });
    return page;
  }

  const acts = async (page: Page): Promise<readonly unknown[]> =>
    (await said(page)).flatMap((message) =>
      message.kind === "act" && message.act.action === "ask" ? [{ ...message.act, show: message.show }] : [],
    );

  for (const { kind, on, thing, at } of KINDS) {
    it(`of a ${on} of a ${kind} offers the frame's actions, by the mouse and by the keyboard`, async () => {
      const page = await open(kind, on);
      const item = page.getByRole("menuitem", { name: "Query This" });
      await page.locator(thing).first().click({ button: "right", position: at });
      await item.waitFor();
      await page.keyboard.press("Escape");
      await item.waitFor({ state: "detached" });
      await page.keyboard.press("Shift+F10");
      await item.waitFor();
      await item.focus();
      await page.keyboard.press("Enter");
      await item.waitFor({ state: "detached" });
      const asked = await acts(page);
      assert.equal(asked.length, 1);
      const { target = "", arguments: range, show } = asked[0] as Record<string, string>;
      assert.equal(show, "session.query");
      assert.ok(target !== "" || range !== undefined, JSON.stringify(asked));
      await page.close();
    });
  }

  it("sets a watchpoint on a tile's range and on bytes", async () => {
    for (const { kind, on, thing, at } of KINDS.filter((each) => each.on === "tile" || each.on === "byte")) {
      const page = await open(kind, on);
      await page.locator(thing).first().click({ button: "right", position: at });
      await page.getByRole("menuitem", { name: "Set Watchpoint" }).click();
      const watched = (await said(page)).flatMap((message) => (message.kind === "watch" ? [message] : []));
      assert.equal(watched.length, 1);
      assert.match(watched[0]?.from ?? "", /^0x[0-9a-f]+$/);
      assert.ok(BigInt(watched[0]?.to ?? "0") > BigInt(watched[0]?.from ?? "0"));
      await page.close();
    }
  });

  it("filters a table by what its row is called", async () => {
    const page = await open("table", "row");
    await page.locator(".row[aria-rowindex='3']").click({ button: "right" });
    await page.getByRole("menuitem", { name: /^Filter by/ }).click();
    const filters = (await said(page)).flatMap((message) =>
      message.kind === "act" && message.act.action === "filter" ? [message.act.arguments?.["text"]] : [],
    );
    assert.equal(filters.length, 1);
    assert.equal(await page.locator("input[type=search]").inputValue(), filters[0]);
    await page.close();
  });

  it("is kept inside the window, and goes away by a press elsewhere", async () => {
    const folder = process.env["PICTURES"];
    for (const theme of [LIGHT, DARK]) {
      const page = await open("table", "row", theme);
      await page.locator(".row[aria-rowindex='4']").click({ button: "right", position: { x: 840, y: 8 } });
      const menu = page.getByRole("menu");
      await menu.getByRole("menuitem").first().waitFor();
      await page.waitForFunction(() => document.activeElement !== document.body);
      const box = await menu.boundingBox();
      assert.ok(box && box.x + box.width <= 900 && box.y + box.height <= 480, JSON.stringify(box));
      if (folder !== undefined) await page.screenshot({ path: `${folder}/menu-${theme.name}.png` });
      await page.mouse.click(20, 440);
      await menu.waitFor({ state: "detached" });
      await page.close();
    }
    assert.deepEqual(stage.complaints, []);
  });
});
