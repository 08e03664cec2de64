// VS Code's own workbench, in code-server and Debian's Chromium, with our extension installed from its package, and what a
// person does in it. Main entry: withWorkbench, for all tests of a file. Must hold: only mouse and keyboard are used, as
// nothing else is there for people.
import assert from "node:assert/strict";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium, errors, type Browser, type Frame, type Locator, type Page } from "playwright-core";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
/** The folder of a whole system, in which the workbench and what it starts run; empty: this one. */
const ROOT = process.env["HEAPATLAS_ROOT"] ?? "";
const TOOLS = ROOT === "" ? here : "/opt/workbench";
const NODE = join(TOOLS, "node_modules", "node", "bin", "node");
const CODE_SERVER = join(TOOLS, "server", "node_modules", "code-server", "out", "node", "entry.js");
const PACKAGES = join(here, "..", "..", "vscode-extension", "dist");
const PATIENCE_MILLIS = 60_000;
const MOST_ATTEMPTS = 4;
const ATTEMPT_MILLIS = 15_000;
const KEY_MILLIS = 3_000;
const SIZE = { width: 1440, height: 900 };

const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.colorTheme": "Default Light Modern",
  "chat.disableAIFeatures": true,
  "extensions.autoUpdate": false,
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "window.confirmBeforeClose": "never",
  "files.simpleDialog.enable": true,
};

export let page: Page;
/** The opened folder, as the tests see it. */
export let workspace: string;

let folder: string;
let server: ChildProcess | undefined;
let browser: Browser | undefined;

/** Starts it once for the tests of a file; `fill` puts into the workspace what they need. */
export function withWorkbench(fill: () => Promise<void>): void {
  before(
    async () => {
      folder = await mkdtemp(join(ROOT, tmpdir(), "heapatlas-vscode-"));
      workspace = join(folder, "work");
      await mkdir(join(folder, "data", "User"), { recursive: true });
      await mkdir(workspace);
      await mkdir(collectorFolder(), { mode: 0o700 });
      await writeFile(join(folder, "data", "User", "settings.json"), JSON.stringify(SETTINGS));
      await writeFile(join(folder, "config.yaml"), "");
      await fill();
      await copyFile(await vsix(), join(folder, "heapatlas.vsix"));
      const install = [CODE_SERVER, ...places(), "--install-extension", inside("heapatlas.vsix"), "--force"];
      await run(...there(NODE, install), { env: environment() });
      await start();
    },
    { timeout: 180_000 },
  );
  afterEach(async ({ name }) => {
    await picture(`after ${name}`);
    await stop();
  });
  after(async () => {
    await browser?.close();
    endServer();
    await killAll(inside(""));
    for (const made of [folder, collectorFolder()]) {
      await rm(made, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
  });
}

/** With all that it has started: it relays no signal that it does not survive. */
function endServer(): void {
  if (server?.pid !== undefined && server.exitCode === null) process.kill(-server.pid, "SIGKILL");
}

async function vsix(): Promise<string> {
  const found = (await readdir(PACKAGES)).find((name) => name.includes("linux-x64") && name.endsWith(".vsix"));
  assert.ok(found, "no linux-x64 package is built: npm run package in vscode-extension makes it");
  return join(PACKAGES, found);
}

function places(): string[] {
  const extensions = ["--extensions-dir", inside("extensions")];
  return ["--user-data-dir", inside("data"), "--config", inside("config.yaml"), ...extensions];
}

/** The path of something in the tests' folder, as what runs in the workbench's system sees it. */
export function inside(name: string): string {
  return join(folder, name).slice(ROOT.length);
}

/** A program with its arguments, as it is started to run in the workbench's system. */
export function there(program: string, words: readonly string[]): [string, string[]] {
  return ROOT === "" ? [program, [...words]] : ["chroot", [ROOT, program, ...words]];
}

/** Without a Java of this machine, for the package brings its own, and with a collector that nobody else asks. */
function environment(): NodeJS.ProcessEnv {
  const rest: NodeJS.ProcessEnv = { ...process.env, HEAPATLAS_DIR: collectorFolder() };
  delete rest["JAVA_HOME"];
  return rest;
}

/** In memory, as its rings are; the same in the workbench's system as here. */
function collectorFolder(): string {
  return join("/dev/shm", basename(folder));
}

async function start(): Promise<void> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}/?folder=${encodeURIComponent(inside("work"))}`;
  const options = [
    "--auth",
    "none",
    "--bind-addr",
    `127.0.0.1:${port}`,
    "--disable-telemetry",
    "--disable-update-check",
  ];
  const command = [CODE_SERVER, ...places(), ...options, "--disable-workspace-trust", inside("work")];
  server = spawn(...there(NODE, command), { env: environment(), stdio: "ignore", detached: true });
  const flags = "--no-sandbox --use-gl=angle --use-angle=swiftshader --enable-unsafe-swiftshader --no-first-run";
  browser = await chromium.launch({
    executablePath: process.env["HEAPATLAS_CHROMIUM"] ?? "/usr/bin/chromium",
    args: flags.split(" "),
  });
  page = await browser.newPage({ viewport: SIZE });
  page.setDefaultTimeout(PATIENCE_MILLIS);
  // What translates the tests gives names to the functions in what is evaluated there, by a helper of its own.
  await page.addInitScript("globalThis.__name = (named) => named;");
  for (const end = Date.now() + PATIENCE_MILLIS; ;) {
    try {
      await page.goto(address);
      break;
    } catch (cause) {
      if (Date.now() > end) throw cause;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  await ready();
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const bound = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  assert.ok(typeof bound === "object" && bound !== null);
  return bound.port;
}

/** The workbench stands, and its extensions have been looked for. */
async function ready(): Promise<void> {
  await page.locator(".monaco-workbench .activitybar").waitFor();
  await page.locator(".activitybar [aria-label^='HeapAtlas']").first().waitFor();
}

export async function reload(): Promise<void> {
  const reloaded = page.waitForEvent("load");
  await command("Developer: Reload Window");
  await reloaded;
  await ready();
}

/** The box that a key opens. A webview that has the focus and is still loading takes the key, and does nothing with it. */
export async function boxBy(key: string): Promise<Locator> {
  const input = page.locator(".quick-input-widget input").first();
  return await until(`${key} opens no box`, async () => {
    await page.keyboard.press(key);
    return await input.waitFor({ timeout: KEY_MILLIS }).then(() => input, ifLate);
  });
}

/** A command of the palette by its title. */
export async function command(title: string): Promise<void> {
  const input = await boxBy("F1");
  await input.fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row.focused").filter({ hasText: title }).first().waitFor();
  await page.keyboard.press("Enter");
}

/** Written into the box in which the extension asks for something, or chosen from its list. */
export async function answer(text: string): Promise<void> {
  const box = page.locator(".quick-input-widget");
  await box.locator(".quick-input-title").filter({ hasText: "HeapAtlas" }).waitFor();
  await box.locator("input").first().fill(text);
  const list = box.locator(".quick-input-list");
  if (await list.isVisible()) await list.locator(".monaco-list-row.focused").filter({ hasText: text }).waitFor();
  await page.keyboard.press("Enter");
}

/** What the debug console answers, once it has the form. */
export async function asked(expression: string, form: RegExp): Promise<RegExpExecArray> {
  await command("Focus on Debug Console View");
  await page.locator(".repl-input-wrapper .monaco-editor").click();
  await page.keyboard.insertText(expression);
  // Its list of completions takes the other key.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  const output = page.locator(".repl .monaco-list-rows");
  return await until(`the debug console does not answer '${expression}'`, async () => {
    const texts = await output.locator(".monaco-list-row").allInnerTexts();
    // The question itself is written above its answer.
    return form.exec(texts.filter((text) => !text.includes(expression)).join("\n")) ?? undefined;
  });
}

export async function openFile(name: string): Promise<void> {
  const input = await boxBy("Control+P");
  await input.fill(name);
  await page.locator(".quick-input-list .monaco-list-row.focused").filter({ hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".tab.active").filter({ hasText: name }).waitFor();
}

/**
 * A configuration of launch.json by its name, as F5 would start it. A workbench that is only just coming up takes the key
 * and does nothing; a person presses it again then, and the workbench says if that was once too often.
 */
export async function debug(name: string): Promise<void> {
  const running = page.locator(".monaco-dialog-box").filter({ hasText: "is already running" });
  const toolbar = page.locator(".debug-toolbar");
  const begun = page
    .locator(".statusbar-item")
    .filter({ hasText: `${name} (` })
    .or(running);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; ++attempt) {
    // The last attempt was only slow.
    if (attempt > 0 && (await begun.first().isVisible()) && (await toolbar.isVisible())) return;
    try {
      const input = await boxBy("Control+P");
      await input.fill(`debug ${name}`, { timeout: ATTEMPT_MILLIS });
      const offered = page.locator(".quick-input-list .monaco-list-row.focused").filter({ hasText: name });
      await offered.first().waitFor({ timeout: ATTEMPT_MILLIS });
      await page.keyboard.press("Enter");
      await begun.first().waitFor({ timeout: ATTEMPT_MILLIS });
      if (await running.isVisible()) await page.keyboard.press("Escape");
      // The status bar names what is to run before it does.
      await toolbar.waitFor({ timeout: ATTEMPT_MILLIS });
      return;
    } catch (cause) {
      if (!(cause instanceof errors.TimeoutError)) throw cause;
    }
  }
  throw new assert.AssertionError({ message: `the workbench did not start '${name}'` });
}

/** The side bar's container of ours. A click while it is only just coming back with the window closes it instead. */
export async function openSideBar(): Promise<void> {
  const title = page.locator(".sidebar .composite.title").filter({ hasText: "HeapAtlas" });
  await until("the side bar does not open", async () => {
    if (await title.isVisible()) return true;
    await page.locator(".activitybar [aria-label^='HeapAtlas']").first().click();
    return await title.waitFor({ timeout: KEY_MILLIS }).then(() => true, ifLate);
  });
}

/** A row of one of our lists. */
export function row(text: string | RegExp): Locator {
  return page.locator(".sidebar .monaco-list-row").filter({ hasText: text });
}

/** A webview whose widgets are in sight, by what must be in it. */
export async function webviewWith(selector: string): Promise<Frame> {
  return await until(`no webview shows ${selector}`, async () => {
    for (const frame of page.frames()) {
      const found = frame.locator(selector).first();
      if (await found.isVisible().catch(() => false)) return frame;
    }
    return undefined;
  });
}

/** What a look finds at last; `failure` says what it means when it never does. */
export async function until<T>(failure: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + PATIENCE_MILLIS; Date.now() < end;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new assert.AssertionError({ message: failure });
}

/** For people who look at what the tests saw; only where HEAPATLAS_PICTURES names a folder. */
export async function picture(name: string): Promise<void> {
  const pictures = process.env["HEAPATLAS_PICTURES"];
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Ends every session that runs, as the toolbar's button does; there may be none. */
export async function stop(): Promise<void> {
  const toolbar = page.locator(".debug-toolbar");
  for (let attempt = 0; attempt < MOST_ATTEMPTS && (await toolbar.isVisible()); ++attempt) {
    const before = await toolbar.locator("select option").count();
    const button = toolbar.locator(".codicon-debug-stop, .codicon-debug-disconnect").first();
    // A session whose program has ended ends by itself, and its button is gone.
    await button.click({ timeout: KEY_MILLIS }).catch(ifLate);
    await page.waitForFunction(fewerSessions, before, { timeout: ATTEMPT_MILLIS }).catch(ifLate);
  }
  assert.ok(!(await toolbar.isVisible()), "a session cannot be ended");
}

/** The toolbar lists sessions while there are several. */
function fewerSessions(before: number): boolean {
  const toolbar = document.querySelector<HTMLElement>(".debug-toolbar");
  if (toolbar === null || !toolbar.checkVisibility()) return true;
  return before > 0 && toolbar.querySelectorAll("select option").length < before;
}

function ifLate(cause: unknown): undefined {
  if (!(cause instanceof errors.TimeoutError)) throw cause;
  return undefined;
}

/** The processes whose command line has this text. */
export async function running(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    const words = await readFile(join("/proc", entry, "cmdline"), "utf8").catch(() => "");
    if (words.includes(text)) found.push(Number(entry));
  }
  return found;
}

/** Kills them: programs that a test left behind, or a server that is to die. */
export async function killAll(text: string): Promise<number> {
  const found = await running(text);
  for (const pid of found) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (cause) {
      // It ended by itself since the look.
      if ((cause as NodeJS.ErrnoException).code !== "ESRCH") throw cause;
    }
  }
  return found.length;
}

/** The debug adapters of this workbench, by where their server was unpacked. */
export function serverFolder(): string {
  return inside("data/User/globalStorage");
}
