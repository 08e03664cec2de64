// The built page in a real browser against the replay server: what an engineer does with it. Chromium is a package
// of tests/packages.txt.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { samplePage } from "./sample-page.ts";

describe("the page", { timeout: 120_000 }, () => {
  const { open, complaints } = samplePage();

  it("shows figures, map, chart and sites, and complains of nothing", async () => {
    const page = await open("data");
    assert.match(await page.locator("heapatlas-key-figures .value").first().innerText(), /^18\d MiB$/);
    await page.locator("heapatlas-heatmap canvas").waitFor();
    await page.locator("heapatlas-chart canvas").first().waitFor();
    await page.locator("heapatlas-table .row", { hasText: "sdsnewlen" }).first().waitFor();
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it("moves over the map by keyboard and says where it is", async () => {
    const page = await open("data");
    await page.locator("heapatlas-heatmap .map").focus();
    for (const key of ["ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
    const status = page.locator("heapatlas-heatmap .status", {
      hasText: "heap, 0x55d0c2a00000–0x55d0c2a10000, 64 KiB",
    });
    await status.waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".notice", { hasText: "The sample has no closer look." }).waitFor();
    await page.close();
  });

  it("says beside the pointer what is in memory of a region", async () => {
    const page = await open("data");
    const map = page.locator("heapatlas-heatmap .map");
    await map.locator("canvas").waitFor();
    // Each view that comes moves those that are there, away from under the pointer.
    for (const drawn of ["heapatlas-timeline", "heapatlas-chart canvas", "heapatlas-table .row", ".value"]) {
      await page.locator(drawn).first().waitFor();
    }
    await map.hover({ position: { x: 300, y: 60 } });
    const tooltip = page.locator("heapatlas-heatmap .tooltip", { hasText: "In memory of the whole region" });
    for (const words of ["Resident (RSS)", "Proportional (PSS)", /NUMA pages\s*node 0 [\d,]+ · node 1 [\d,]+/]) {
      await tooltip.filter({ hasText: words }).waitFor();
    }
    await page.close();
  });

  it("sorts, filters, expands and scrolls the sites with few rows in the document", async () => {
    const page = await open("data");
    const table = page.locator("heapatlas-table");
    await table.locator(".head button", { hasText: "Rate" }).click();
    await table.locator(".head button.sorted", { hasText: "Rate ▾" }).waitFor();
    await table.locator(".row").first().click();
    await table.locator(".stack", { hasText: "__libc_start_call_main" }).waitFor();
    await table.locator(".scroll").evaluate((element) => (element.scrollTop = 20_000));
    await table.locator(".row[aria-rowindex='700']").locator(".text").first().waitFor();
    assert.ok((await table.locator(".row").count()) < 60);
    await table.locator("input").fill("dictAdd_1");
    await table.locator(".count", { hasText: "50 rows" }).waitFor();
    await page.close();
  });

  it("says what to do when there is nothing, an error, a wrong token or none", async () => {
    for (const [token, sentence] of [
      ["empty", "No program is watched yet."],
      ["error", "start it again with ./heapatlas collector"],
      ["loading", "Waiting for the first data"],
      ["wrong", "HeapAtlas refused this page's token"],
      ["", "This address has no token"],
    ] as const) {
      const page = await open(token);
      await page.locator("main", { hasText: sentence }).waitFor();
      await page.close();
    }
  });

  it("says of a recording where it stands, and which way it was gone", async () => {
    const page = await open("replayed");
    await page.locator(".time.replayed", { hasText: "Stands still, went back replayed · 12.5 s of 59.5 s" }).waitFor();
    const folder = process.env["PICTURES"];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/replayed.png` });
    await page.close();
  });

  it("has the whole session under all views, live at its right end, and a span to choose", async () => {
    const page = await open("data");
    const timeline = page.locator("heapatlas-timeline");
    await timeline.locator(".ticks .end.on", { hasText: "live" }).waitFor();
    assert.equal(await timeline.locator(".plot svg path.lane").count(), 3);
    const gap = await timeline.locator(".gap").boundingBox();
    assert.ok(gap);
    await page.mouse.move(gap.x + gap.width / 2, gap.y + 10);
    await timeline.locator(".tip", { hasText: /Gap: 12,000 events folded/ }).waitFor();
    assert.equal(await timeline.getByRole("button", { name: "Next event" }).count(), 0);
    await page.close();
  });

  it("moves a recording by click, drag and keys, and asks for no more instants than it can show", async () => {
    const page = await open("replayed");
    const asked: { readonly action: string; readonly target?: string; readonly arguments: Record<string, number> }[] =
      [];
    await page.exposeFunction("asked", (act: (typeof asked)[number]) => asked.push(act));
    await page.evaluate(() => {
      const { asked } = window as unknown as { asked: (act: unknown) => void };
      document.addEventListener("heapatlas-act", (event) => asked((event as CustomEvent).detail));
    });
    const plot = page.locator("heapatlas-timeline .plot");
    const box = await plot.boundingBox();
    assert.ok(box);
    await plot.click({ position: { x: box.width / 2, y: 10 } });
    await plot.focus();
    for (const key of ["ArrowLeft", "Home", "End", "."]) await page.keyboard.press(key);
    await page.keyboard.down("Shift");
    await page.mouse.move(box.x + 100, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 10, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    await page.getByLabel("Go to an instant").fill("12.5s");
    await page.getByLabel("Go to an instant").press("Enter");
    await page.waitForFunction(() => true);
    const told = asked.filter(({ action }) => ["seek", "next", "span"].includes(action));
    assert.deepEqual(
      told.map(({ action, target }) => [action, target ?? ""]),
      [
        ["seek", ""],
        ["seek", ""],
        ["seek", "begin"],
        ["seek", "end"],
        ["next", ""],
        ["span", ""],
        ["seek", "12.5s"],
      ],
    );
    assert.ok(Math.abs((told[0]?.arguments["nanos"] ?? 0) - 59.5e9 / 2) < 59.5e9 / 100);
    assert.ok((told[5]?.arguments["to"] ?? 0) > (told[5]?.arguments["from"] ?? 0));
    await page.close();
  });

  it("names everything that can be pressed, for those who hear the page", async () => {
    const page = await open("data");
    await page.locator("heapatlas-table .row").first().waitFor();
    for (const role of ["button", "combobox", "searchbox"] as const) {
      const found = page.getByRole(role);
      assert.ok((await found.count()) > 0, role);
      assert.equal(await found.count(), await page.getByRole(role, { name: /\S/ }).count(), role);
    }
    await page.getByRole("application", { name: /tiles in \d+ segments/ }).waitFor();
    await page.getByRole("application", { name: /Live bytes: now/ }).waitFor();
    await page.locator("heapatlas-table").getByRole("columnheader", { name: "Live bytes" }).waitFor();
    await page.close();
  });

  it("keeps its states apart under forced colours", async () => {
    const page = await open("data");
    await page.emulateMedia({ forcedColors: "active" });
    const pressed = page.locator("heapatlas-heatmap .switch [aria-pressed='true']");
    await pressed.waitFor();
    assert.equal(await pressed.evaluate((element) => getComputedStyle(element).outlineStyle), "solid");
    const ramp = page.locator("heapatlas-heatmap .ramp");
    assert.match(await ramp.evaluate((element) => getComputedStyle(element).backgroundImage), /^linear-gradient/);
    await page.close();
  });

  it("moves nothing for those who asked for that", async () => {
    const page = await open("loading");
    const bone = page.locator("heapatlas-widget-host .loading i").first();
    await bone.waitFor();
    assert.equal(await bone.evaluate((element) => getComputedStyle(element).animationName), "breathe");
    await page.emulateMedia({ reducedMotion: "reduce" });
    assert.equal(await bone.evaluate((element) => getComputedStyle(element).animationName), "none");
    await page.close();
  });

  it("gives a table the height of its rows, and the room that is left when these are more", async () => {
    const folder = process.env["PICTURES"];
    for (const sites of [0, 1, 5, 100_000]) {
      const page = await open(`data-${sites}`);
      const table = page.locator("heapatlas-table");
      await table.locator(".count", { hasText: sites === 1 ? /^1 row$/ : /rows$/ }).waitFor();
      await table
        .locator(sites === 0 ? ".nothing" : ".row")
        .first()
        .waitFor();
      const { scrolls, gap } = await table.evaluate((element) => {
        const inside = element.shadowRoot?.querySelector(".scroll");
        const last = inside?.querySelector(".nothing") ?? inside?.querySelector(".body");
        if (!inside || !last) throw new Error("the table is not drawn");
        return {
          scrolls: inside.scrollHeight > inside.clientHeight,
          gap: inside.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom,
        };
      });
      assert.equal(scrolls, sites === 100_000, `${sites} rows`);
      if (!scrolls) assert.ok(gap >= 0 && gap < 20, `${gap} pixels below ${sites} rows`);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        if (folder !== undefined) await page.screenshot({ path: `${folder}/rows-${sites}-${colorScheme}.png` });
      }
      await page.close();
    }
  });

  it("fits a narrow screen without scrolling sideways", async () => {
    const page = await open("data", { width: 360 });
    await page.locator("heapatlas-heatmap canvas").waitFor();
    await page.waitForFunction(() => document.documentElement.scrollWidth <= 360);
    await page.close();
  });
});
