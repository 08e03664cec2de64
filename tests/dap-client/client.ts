// What the tests of this folder share: a client for each test, a folder for all tests of a file, and how the adapter is
// started and moved. Main entries: withClient, withFolder.
import { DebugClient } from "@vscode/debugadapter-testsupport";
import type { DebugProtocol } from "@vscode/debugprotocol";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export type Stop = DebugProtocol.StoppedEvent["body"];
export type Moving = "next" | "stepIn" | "stepOut" | "stepBack" | "continue" | "reverseContinue";

export const PATIENCE_MILLIS = 60_000;
export const run = promisify(execFile);
const HEAPATLAS = fileURLToPath(new URL("../../heapatlas", import.meta.url));

/** The test's own, once it has begun. */
export let client: DebugClient;
let connected: boolean;

/** Of all tests of the file, once they have begun. */
export let folder: string;

/** Each test of the file gets a client, which is connected to an adapter of its own. */
export function withClient(): void {
  beforeEach(async () => {
    client = new DebugClient(HEAPATLAS, "dap", "heapatlas");
    client.defaultTimeout = PATIENCE_MILLIS;
    await client.start();
    connected = true;
  });
  // An adapter that was left has ended, and answers no second request to do so.
  afterEach(async () => {
    if (connected) await client.stop();
  });
}

/** The same, and they share a folder in which something is made first. */
export function withFolder(make: () => Promise<void>): void {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "heapatlas-"));
    await make();
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });
  withClient();
}

/** Records a program into the folder's "r". */
export async function record(...program: readonly string[]): Promise<void> {
  await run(HEAPATLAS, ["record", "-o", recording(), "--", ...program]);
}

export function recording(): string {
  return join(folder, "r");
}

/** Ends the adapter, and the program with it. */
export async function leave(): Promise<void> {
  await client.disconnectRequest({ terminateDebuggee: true });
  connected = false;
}

/** The type of an event is what its name says. */
export function next<Event extends DebugProtocol.Event>(name: Event["event"]): Promise<Event> {
  return client.waitForEvent(name) as Promise<Event>;
}

export async function nextStop(): Promise<Stop> {
  return (await next<DebugProtocol.StoppedEvent>("stopped")).body;
}

/** Moves the first thread, and answers where it stops. */
export async function moved(request: Moving): Promise<Stop> {
  const stopped = nextStop();
  const [thread] = (await client.threadsRequest()).body.threads;
  assert.ok(thread);
  await client.customRequest(request, { threadId: thread.id });
  return stopped;
}

/** What the console answers. */
export async function ask(expression: string): Promise<string> {
  return (await client.evaluateRequest({ expression, context: "repl" })).body.result;
}
