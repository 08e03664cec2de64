// Opens files in speedscope's page, has it export what it read of them, and sums that up.
// usage: node speedscope.mjs FILE…. Prints a JSON array: for each file its profiles, each with name, unit and weight.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const PAGE = new URL("node_modules/speedscope/dist/release/index.html", import.meta.url).href;

// The library that the page's own tests have.
const require = createRequire(fileURLToPath(new URL("../../vscode-extension/package.json", import.meta.url)));
const { chromium } = require("playwright-core");

/** What lies under the outermost frames, so that nothing is counted that stands in no stack. */
function weight(profile) {
  let depth = 0;
  let sum = 0;
  for (const { type, at } of profile.events) {
    if (type === "O" && depth++ === 0) sum -= at;
    if (type === "C" && --depth === 0) sum += at;
  }
  return sum;
}

async function read(browser, file) {
  const page = await browser.newPage();
  await page.goto(PAGE);
  await page.setInputFiles("input[type=file]", file);
  const download = page.waitForEvent("download");
  await page.getByText("Export").click();
  const exported = JSON.parse(await readFile(await (await download).path(), "utf8"));
  await page.close();
  return exported.profiles.map((profile) => ({ name: profile.name, unit: profile.unit, weight: weight(profile) }));
}

const browser = await chromium.launch({
  executablePath: process.env["HEAPATLAS_CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});
const all = [];
for (const file of process.argv.slice(2)) all.push(await read(browser, file));
await browser.close();
console.log(JSON.stringify(all));
