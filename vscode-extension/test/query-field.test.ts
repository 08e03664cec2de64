// The field above a table that answers a query, in a real browser as the editor shows it. With a folder in PICTURES it
// leaves a screenshot there.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { THEMES, type Theme } from "./vscode-themes.ts";
import { SAMPLES } from "./widget-samples.ts";
import { said, show, WidgetStage } from "./widget-stage.ts";

const [LIGHT] = THEMES as readonly [Theme, ...Theme[]];
const SQL = "SELECT function, live_bytes FROM sites ORDER BY live_bytes DESC LIMIT 10";
const QUERY = { id: "query", title: "Ask in SQL", on: "frame" };

describe("the field of a query", { timeout: 60_000 }, () => {
  let stage: WidgetStage;
  before(async () => {
    stage = await WidgetStage.start();
  });
  after(() => stage.end());

  async function open(query: string): Promise<Page> {
    const page = await stage.open({ width: 900, height: 480 }, LIGHT);
    const table = SAMPLES.table as { readonly data: object };
    await show(page, { ...table, data: { ...table.data, query }, actions: [QUERY] });
    return page;
  }

  it("asks by Enter, but for that of an input method", async () => {
    const page = await open(SQL);
    const field = page.getByRole("textbox", { name: /^Query in SQL/ });
    assert.equal(await field.inputValue(), SQL);
    await field.fill("FROM threads");
    await field.dispatchEvent("keydown", { key: "Enter", bubbles: true, composed: true, isComposing: true });
    await field.press("Enter");
    const asked = (await said(page)).flatMap((message) =>
      message.kind === "act" && message.act.action === "query" ? [message.act.arguments] : [],
    );
    assert.deepEqual(asked, [{ sql: "FROM threads" }]);
    await page.close();
  });

  it("exports the rows of what was asked, and not of what is being typed", async () => {
    const page = await open(SQL);
    await page.getByRole("textbox", { name: "Query in SQL" }).fill("SELECT 1");
    await page.getByRole("button", { name: "Export…" }).click();
    const exported = (await said(page)).flatMap((message) => (message.kind === "export" ? [message.sql] : []));
    assert.deepEqual(exported, [SQL]);
    const pictures = process.env["PICTURES"];
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/query-field.png` });
    await page.close();
  });

  it("has nothing to export before anything was asked", async () => {
    const page = await open("");
    await page.getByRole("button", { name: "Ask", exact: true }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Export…" }).count(), 0);
    await page.close();
  });
});
