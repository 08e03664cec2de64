// A recording through a client that is not ours: stopped at, stepped through and searched in both directions of time.
import type { DebugProtocol } from "@vscode/debugprotocol";
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, client, moved, nextStop, record, recording, withFolder, type Stop } from "./client.js";

const STEPS = 1000;
const TABLES =
  "create table t(x); with recursive c(i) as (select 1 union all select i+1 from c where i<5000) " +
  "insert into t select i*7919 from c; select count(*), sum(x) from t;";

type LaunchRecording = DebugProtocol.LaunchRequestArguments & { recording: string; at?: string; stopOnEntry?: boolean };
interface View {
  readonly id: string;
}

withFolder(() => record("sqlite3", ":memory:", TABLES));

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

test("a watchpoint of a front end stops beside the client's own data breakpoints, in both directions", async () => {
  await open();
  let event = await moved("stepBack").then(eventOf);
  while (!event.values.get("kind")?.startsWith("release") || !event.values.has("allocated at position")) {
    event = await moved("stepBack").then(eventOf);
  }
  const released = Number(event.values.get("position")?.replaceAll(",", ""));
  const allocated = Number(event.values.get("allocated at position")?.replaceAll(",", ""));
  const address = /0x[0-9a-f]+/.exec(event.values.get("address") ?? "")?.[0];
  const set = await client.customRequest("heapatlas/watchpoints", { watchpoints: [{ address, bytes: 1 }] });
  const { watchpoints } = set.body as { watchpoints: readonly { readonly mechanism: string }[] };
  assert.equal(watchpoints[0]?.mechanism, "recording, exact");
  await client.setDataBreakpointsRequest({ breakpoints: [] });

  await moved("continue");
  while ((await position()) > released) {
    await moved("reverseContinue");
  }
  assert.equal(await position(), released);
  assert.equal((await moved("reverseContinue")).reason, "data breakpoint");
  assert.equal(await position(), allocated);
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
  const going = nextStop();
  await ask("seek 100");
  assert.equal((await going).reason, "goto");
  assert.equal(await position(), 100);
});

test("what is no recording is refused with a message that names it", async () => {
  await client.initializeRequest();
  const nothing: LaunchRecording = { recording: "/no/such/recording" };
  await assert.rejects(client.launchRequest(nothing), /\/no\/such\/recording/);
});

/** Opens the recording, and answers where it stops first. */
async function open(more: Partial<LaunchRecording> = {}): Promise<Stop> {
  const stopped = nextStop();
  const launch: LaunchRecording = { recording: recording(), ...more };
  await Promise.all([client.configurationSequence(), client.launch(launch)]);
  return stopped;
}

async function position(): Promise<number> {
  return Number(/^event ([\d,]+) /.exec(await ask("position"))?.[1]?.replaceAll(",", ""));
}

/** The variables of the event at which the process stands. */
async function eventOf(stop: Stop): Promise<{
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
  all.push(await ask("top 1000"));
  return all;
}
