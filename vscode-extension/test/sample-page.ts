// The built page over sample frames, in a real browser, for all tests of a suite. Main entry: samplePage, called while the
// suite is described.
import { once } from "node:events";
import type { Server } from "node:http";
import { after, before } from "node:test";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "./browser.ts";
import { startReplayServer } from "./replay-server.ts";

const PATIENCE_MILLIS = 15_000;

export interface Wanted {
  readonly width?: number;
  readonly height?: number;
  /** What is done with the page before it loads. */
  readonly first?: (page: Page) => Promise<void>;
}

export interface SamplePage {
  /** What the pages said that should not have been said. */
  readonly complaints: readonly string[];
  /** The page of a scenario. */
  readonly open: (token: string, wanted?: Wanted) => Promise<Page>;
}

/** live: frames go on coming. */
export function samplePage(live = true): SamplePage {
  let browser: Browser;
  let server: Server;
  let url: string;
  const complaints: string[] = [];
  before(async () => {
    ({ url, server } = await startReplayServer(0, live));
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const open = async (token: string, { width = 1280, height = 800, first }: Wanted = {}): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(PATIENCE_MILLIS);
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await first?.(page);
    await page.goto(`${url}#token=${token}`);
    return page;
  };
  return { complaints, open };
}
