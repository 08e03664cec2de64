// A double free through a client that is not ours: live, and in a recording back to where it came from.
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
const SOURCE = fileURLToPath(new URL("../programs/double_free.c", import.meta.url));
const PATIENCE_MILLIS = 60_000;
const run = promisify(execFile);

let client: DebugClient;
let folder: string;
let program: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "heapatlas-findings-"));
  program = join(folder, "double_free");
  await run("gcc", ["-g", "-O0", "-Wno-use-after-free", SOURCE, "-o", program]);
  await run(HEAPATLAS, ["record", "-o", join(folder, "r"), "--", program]);
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

test("a recording runs to a double free, and from there back to the first release, and to the allocation", async () => {
  const found = await begin({ recording: join(folder, "r") }, [{ filterId: "double-free", condition: "size == 40" }]);
  assert.equal(found.reason, "exception");
  assert.match(found.description ?? "", /^double-free of 0x[0-9a-f]+ \(40 bytes\)/);
  assert.equal(await functionAt(found), "drop_idle");
  const report = (await client.customRequest("exceptionInfo", { threadId: found.threadId }))
    .body as DebugProtocol.ExceptionInfoResponse["body"];
  assert.equal(report.exceptionId, "double-free");
  assert.match(report.details?.stackTrace ?? "", /^drop_idle .*double_free\.c:\d+/);
  assert.deepEqual(
    report.details?.innerException?.map((each) => [each.typeName, each.stackTrace?.split(" ")[0]]),
    [
      ["released before", "close_connection"],
      ["allocated", "open_connection"],
    ],
  );

  const [frame] = (await client.stackTraceRequest({ threadId: found.threadId ?? 0 })).body.stackFrames;
  const [scope] = (await client.scopesRequest({ frameId: frame?.id ?? 0 })).body.scopes;
  const info = await client.dataBreakpointInfoRequest({
    variablesReference: scope?.variablesReference ?? 0,
    name: "address",
  });
  assert.ok(info.body.dataId !== null);
  await client.setDataBreakpointsRequest({ breakpoints: [{ dataId: info.body.dataId }] });
  const released = await moved("reverseContinue");
  assert.equal(released.reason, "data breakpoint");
  assert.match(released.description ?? "", /^release of 40 bytes/);
  assert.equal(await functionAt(released), "close_connection");
  const allocated = await moved("reverseContinue");
  assert.match(allocated.description ?? "", /^allocation of 40 bytes/);
  assert.equal(await functionAt(allocated), "open_connection");

  await client.setDataBreakpointsRequest({ breakpoints: [] });
  assert.equal((await moved("continue")).description, found.description);
  await moved("continue");
  assert.equal((await moved("reverseContinue")).description, found.description, "from behind, too");
});

test("a condition that does not hold lets the recording run to its end", async () => {
  const end = await begin({ recording: join(folder, "r") }, [{ filterId: "double-free", condition: "size > 40" }]);
  assert.equal(end.description, "at the end of the recording");
});

test("a running program is stopped at a double free, and says how much later than that", async () => {
  const found = await begin({ program, args: ["30"] }, [{ filterId: "double-free" }]);
  assert.equal(found.reason, "exception");
  assert.match(found.text ?? "", /it had released .* stopped [\d,]+ ms behind that/);
  const report = (await client.customRequest("exceptionInfo", { threadId: found.threadId }))
    .body as DebugProtocol.ExceptionInfoResponse["body"];
  assert.match(report.details?.stackTrace ?? "", /^drop_idle /);
});

/** Starts with these filters, and answers the first stop. */
async function begin(
  what: object,
  filterOptions: DebugProtocol.ExceptionFilterOptions[],
): Promise<DebugProtocol.StoppedEvent["body"]> {
  const stopped = next();
  const configured = client
    .waitForEvent("initialized")
    .then(() => client.customRequest("setExceptionBreakpoints", { filters: [], filterOptions }))
    .then(() => client.configurationDoneRequest());
  await Promise.all([configured, client.launch(what as DebugProtocol.LaunchRequestArguments)]);
  return stopped;
}

async function moved(request: "continue" | "reverseContinue"): Promise<DebugProtocol.StoppedEvent["body"]> {
  const stopped = next();
  const [thread] = (await client.threadsRequest()).body.threads;
  assert.ok(thread);
  await client.customRequest(request, { threadId: thread.id });
  return stopped;
}

/** What called the allocator. */
async function functionAt(stop: DebugProtocol.StoppedEvent["body"]): Promise<string | undefined> {
  const { stackFrames } = (await client.stackTraceRequest({ threadId: stop.threadId ?? 0 })).body;
  return stackFrames[0]?.name;
}

async function next(): Promise<DebugProtocol.StoppedEvent["body"]> {
  return ((await client.waitForEvent("stopped")) as DebugProtocol.StoppedEvent).body;
}
