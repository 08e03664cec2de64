// A webview without an editor: its document under its policy, its bundle, and what it says to the host. Main entry:
// WidgetStage.start. Called by the tests of what every widget kind must do.
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { webviewDocument } from "../src/views/webview-document.ts";
import type { FromWebview, SlotStyle, ToWebview } from "../webview/messages.ts";
import { openBrowser } from "./browser.ts";
import type { Theme } from "./vscode-themes.ts";

const WEBVIEW = new URL("../dist/webview/", import.meta.url);
const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css" };
const SETTLING = 10;
const MOST_WAITING = 15_000;

interface Shown {
  readonly page: Page;
  readonly width: number;
  readonly height: number;
}

export class WidgetStage {
  readonly complaints: string[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    private readonly server: Server,
    private readonly url: string,
  ) {}

  static async start(): Promise<WidgetStage> {
    const server = createServer((request, response) => {
      const name = (request.url ?? "").slice(1);
      if (name === "") {
        response.setHeader("Content-Type", "text/html").end(webviewDocument("'self'", (file) => `/${file}`));
        return;
      }
      if (name === "favicon.ico") {
        response.writeHead(204).end();
        return;
      }
      readFile(new URL(name, WEBVIEW)).then(
        (content) => response.setHeader("Content-Type", TYPES[extname(name)] ?? "text/plain").end(content),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const browser = await openBrowser();
    const context = await browser.newContext({ reducedMotion: "reduce", deviceScaleFactor: 1 });
    context.setDefaultTimeout(MOST_WAITING);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    // The tests' own compiler keeps the names of functions by a function of this name, which a page has not.
    await context.addInitScript("globalThis.__name = (value) => value");
    // What the editor puts into the page.
    await context.addInitScript(() => {
      const said: unknown[] = [];
      Object.assign(window, {
        said,
        acquireVsCodeApi: () => ({ postMessage: (message: unknown) => said.push(message), setState: () => undefined }),
      });
    });
    return new WidgetStage(browser, context, server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  async end(): Promise<void> {
    await this.browser.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async open({ width, height }: Omit<Shown, "page">, theme: Theme): Promise<Page> {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
    await page.setViewportSize({ width, height });
    await page.goto(this.url);
    await dress(page, theme);
    return page;
  }
}

export async function dress(page: Page, { bodyClass, properties }: Theme): Promise<void> {
  await page.evaluate(
    ({ bodyClass, properties }) => {
      for (const [name, value] of Object.entries(properties))
        document.documentElement.style.setProperty(`--vscode-${name}`, value);
      document.body.className = bodyClass;
    },
    { bodyClass, properties },
  );
}

/** Shows a frame as the host hands it on; none: it is still awaited. */
export async function show(page: Page, frame: object | undefined, style: SlotStyle = "framed"): Promise<void> {
  const view: ToWebview = {
    kind: "view",
    slot: 0,
    restored: "",
    title: "The view",
    ofOther: true,
    style,
    parameters: [],
    chosen: {},
  };
  await page.evaluate((message) => window.postMessage(message), view);
  const opened: ToWebview = { kind: "opened", slot: 0, frame };
  if (frame !== undefined) await page.evaluate((message) => window.postMessage(message), opened);
  await page.locator("heapatlas-widget-host section").waitFor();
  await page.locator("[aria-busy=true]").waitFor({ state: "detached" });
}

/** The picture once it no longer changes. */
export async function photograph(page: Page): Promise<Buffer> {
  let last = await page.screenshot({ animations: "disabled" });
  for (let i = 0; i < SETTLING; i++) {
    const next = await page.screenshot({ animations: "disabled" });
    if (next.equals(last)) return next;
    last = next;
  }
  throw new Error("the widget does not come to rest");
}

export async function said(page: Page): Promise<readonly FromWebview[]> {
  return await page.evaluate(() => (window as unknown as { said: readonly FromWebview[] }).said);
}
