// Debian's Chromium without a screen, for the tests and for the pictures. Main entry: openBrowser.
// HEAPATLAS_CHROMIUM names another browser.
import { chromium, type Browser } from "playwright-core";

const FLAGS =
  "--no-sandbox --disable-gpu --use-angle=swiftshader --enable-unsafe-swiftshader --disable-background-networking " +
  "--disable-component-update --disable-sync --no-first-run";

export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env["HEAPATLAS_CHROMIUM"] ?? "/usr/bin/chromium";
  return await chromium.launch({ executablePath, args: FLAGS.split(" ") });
}
