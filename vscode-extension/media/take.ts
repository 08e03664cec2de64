// Takes the README's pictures of the page from a real session: `npm run pictures` runs the demo, waits until the heap has
// some history, asks what lies in a tile, and writes page-light.png and page-dark.png beside this file.
import { fileURLToPath } from "node:url";
import { openBrowser } from "../test/browser.ts";
import { startSession } from "../test/live-session.ts";

const SECONDS_OF_HISTORY = 20;
const ROWS_LOOKED_AT = 20;
const DETAIL_MILLISECONDS = 500; // for details to take the place of the last ones
const VIEWPORT = { width: 1440, height: 900 };

const session = await startSession(["demo"]);
const browser = await openBrowser();
try {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ viewport: VIEWPORT, colorScheme });
    await page.goto(session.page);
    await page.locator("heapatlas-heatmap canvas").waitFor();
    await page.waitForFunction(
      (seconds) => {
        const app = document.querySelector("heapatlas-app");
        const time = /([\d.]+) (s|min)/.exec(app?.shadowRoot?.querySelector(".time")?.textContent ?? "");
        return time !== null && (time[2] === "min" || Number(time[1]) >= seconds);
      },
      SECONDS_OF_HISTORY,
      { polling: 200, timeout: 120_000 },
    );
    // A tile in the lowest row that holds blocks there: what the very last ones held may just have been released.
    await page.locator("heapatlas-heatmap .map").focus();
    await page.keyboard.press("End");
    const holders = page.locator("heapatlas-heatmap .detail", { hasNotText: "No live allocation" });
    for (let row = 0; row < ROWS_LOOKED_AT && (await holders.count()) === 0; ++row) {
      if (row > 0) await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Space");
      await page.locator("heapatlas-heatmap .detail").waitFor();
      await page.waitForTimeout(DETAIL_MILLISECONDS);
    }
    await holders.waitFor();
    await page.keyboard.press("ArrowLeft");
    const path = fileURLToPath(new URL(`page-${colorScheme}.png`, import.meta.url));
    await page.screenshot({ path, timeout: 120_000 });
    console.log(`wrote ${path}`);
    await page.close();
  }
} finally {
  await browser.close();
  await session.end();
}
