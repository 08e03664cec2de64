// A recording through a client that is not ours: stopped at, stepped through and searched in both directions of time.
import { DebugClient } from "@vscode/debugadapter-testsupport";
import type { DebugProtocol } from "@vscode/debugprotocol";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const HEAPATLAS = fileURLToPath(new URL("../../heapatlas", import.meta.url));
const PATIENCE_MILLIS = 60_000;
const STEPS = 1000;
const TABLES =
  "create table t(x); with recursive c(i) as (select 1 union all select i+1 from c where i<5000) " +
  "insert into t select i*7919 from c; select count(*), sum(x) from t;";

type Moving = "next" | "stepIn" | "stepOut" | "stepBack" | "continue" | "reverseContinue";
type LaunchRecording = DebugProtocol.LaunchRequestArguments & { recording: string; at?: string; stopOnEntry?: boolean };
interface View {
  readonly id: string;
}

let client: DebugClient;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "heapatlas-recording-"));
  await promisify(execFile)(HEAPATLAS, ["record", "-o", join(folder, "r"), "--", "sqlite3", ":memory:", TABLES]);
});

after(async () => {
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  client = new DebugClient(HEAPATLAS, "dap", "heapatlas");
  client.defaultTimeout = PATIENCE_MILLIS;
  await client.start();
});

afterEach(async () => {
  await client.stop();
});

test("a block is followed from the end of the recording to its release, and from there to its allocation", async () => {
  assert.equal((await open()).description, "at the end of the recording");
  let event = await moved("stepBack").then(eventOf);
  while (!event.values.get("kind")?.startsWith("release") || !event.values.has("allocated at position")) {
    event = await moved("stepBack").then(eventOf);
  }
  const released = Number(event.values.get("position")?.replaceAll(",", ""));
  const allocated = Number(event.values.get("allocated at position")?.replaceAll(",", ""));
  const info = await client.dataBreakpointInfoRequest({ variablesReference: event.reference, name: "address" });
  const dataId = info.body.dataId;
  assert.ok(dataId !== null);
  const set = await client.setDataBreakpointsRequest({ breakpoints: [{ dataId }] });
  assert.ok(set.body.breakpoints[0]?.verified);

  await moved("continue");
  while ((await position()) > released) {
    await moved("reverseContinue");
  }
  assert.equal(await position(), released);
  assert.equal((await moved("reverseContinue")).reason, "data breakpoint");
  assert.equal(await position(), allocated);
  await moved("continue");
  assert.equal(await position(), released);
});

test(`${STEPS} steps back and as many forward end where they began, in every view to the byte`, async () => {
  await open({ at: "9000" });
  await moved("next");
  const [there, began] = [await position(), await frames()];
  assert.ok(began.length >= 4);
  for (let step = 0; step < STEPS; step++) {
    await moved("stepBack");
  }
  const [earlier, between] = [await position(), await frames()];
  assert.ok(earlier <= there - STEPS);
  assert.notDeepEqual(between, began);
  for (let step = 0; step < STEPS; step++) {
    await moved("next");
  }
  assert.equal(await position(), there);
  assert.deepEqual(await frames(), began);
});

test("a function stops the recording at each of its events, and the console goes to any instant", async () => {
  const [event] = [await open({ stopOnEntry: true })];
  assert.ok(event.description?.startsWith("at the beginning"));
  const set = await client.setFunctionBreakpointsRequest({
    breakpoints: [
      { name: "sqlite3_step", condition: "size > 1000 && kind == 'allocation'" },
      { name: "no such function" },
    ],
  });
  assert.deepEqual(
    set.body.breakpoints.map((each) => each.verified),
    [true, false],
  );
  const stop = await moved("continue");
  assert.equal(stop.reason, "function breakpoint");
  assert.ok(
    Number(
      (await eventOf(stop)).values
        .get("size")
        ?.match(/([\d,]+)\)?$/)?.[1]
        ?.replaceAll(",", ""),
    ) > 1000,
  );
  const going = next<DebugProtocol.StoppedEvent>("stopped");
  await client.evaluateRequest({ expression: "seek 100", context: "repl" });
  assert.equal((await going).body.reason, "goto");
  assert.equal(await position(), 100);
});

test("what is no recording is refused with a message that names it", async () => {
  await client.initializeRequest();
  const nothing: LaunchRecording = { recording: "/no/such/recording" };
  await assert.rejects(client.launchRequest(nothing), /\/no\/such\/recording/);
});

/** Opens the recording, and answers where it stops first. */
async function open(more: Partial<LaunchRecording> = {}): Promise<DebugProtocol.StoppedEvent["body"]> {
  const stopped = next<DebugProtocol.StoppedEvent>("stopped");
  const recording: LaunchRecording = { recording: join(folder, "r"), ...more };
  await Promise.all([client.configurationSequence(), client.launch(recording)]);
  return (await stopped).body;
}

async function moved(request: Moving): Promise<DebugProtocol.StoppedEvent["body"]> {
  const stopped = next<DebugProtocol.StoppedEvent>("stopped");
  const [thread] = (await client.threadsRequest()).body.threads;
  assert.ok(thread);
  await client.customRequest(request, { threadId: thread.id });
  return (await stopped).body;
}

async function position(): Promise<number> {
  const { result } = (await client.evaluateRequest({ expression: "position", context: "repl" })).body;
  return Number(/^event ([\d,]+) /.exec(result)?.[1]?.replaceAll(",", ""));
}

/** The variables of the event at which the process stands. */
async function eventOf(stop: DebugProtocol.StoppedEvent["body"]): Promise<{
  readonly reference: number;
  readonly values: ReadonlyMap<string, string>;
}> {
  const threadId = stop.threadId ?? 0;
  const [frame] = (await client.stackTraceRequest({ threadId })).body.stackFrames;
  assert.ok(frame);
  const [scope] = (await client.scopesRequest({ frameId: frame.id })).body.scopes;
  assert.ok(scope);
  const reference = scope.variablesReference;
  const { variables } = (await client.variablesRequest({ variablesReference: reference })).body;
  return { reference, values: new Map(variables.map(({ name, value }) => [name, value])) };
}

interface Opened {
  readonly handle: string;
  readonly frame?: { readonly progress?: unknown } | undefined;
}

/** A view, once what it reads of the recording is read. */
async function openRead(view: string): Promise<Opened> {
  const request = { view, viewport: { width: 200, height: 100 } };
  const opened = (await client.customRequest("heapatlas/open", request)).body as Opened;
  if (opened.frame?.progress === undefined) return opened;
  const read = new Promise<Opened["frame"]>((resolve) => {
    const hear = (event: DebugProtocol.Event): void => {
      const { handle, frame } = event.body as Opened;
      if (handle !== opened.handle || frame?.progress !== undefined) return;
      client.off("heapatlas/frame", hear);
      resolve(frame);
    };
    client.on("heapatlas/frame", hear);
  });
  return { handle: opened.handle, frame: await read };
}

/** Of all views, as they are now. */
async function frames(): Promise<readonly string[]> {
  const { views } = (await client.customRequest("heapatlas/views", {})).body as { views: readonly View[] };
  const all: string[] = [];
  for (const { id } of views) {
    const opened = await openRead(id);
    // One that is too large for an answer is told by its figures below.
    if (opened.frame !== undefined) {
      // How a process came to where it stands is no part of that, nor how many stacks were looked at there.
      all.push(JSON.stringify(opened.frame).replace(/"direction":"\w+"|; [\d,]+ frames? ha(s|ve) no name/g, ""));
    }
    await client.customRequest("heapatlas/close", { handle: opened.handle });
  }
  all.push((await client.evaluateRequest({ expression: "top 1000", context: "repl" })).body.result);
  return all;
}

/** The type of an event is what its name says. */
function next<Event extends DebugProtocol.Event>(name: Event["event"]): Promise<Event> {
  return client.waitForEvent(name) as Promise<Event>;
}
