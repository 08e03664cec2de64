// A double free through a client that is not ours: live, and in a recording back to where it came from.
import type { DebugProtocol } from "@vscode/debugprotocol";
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { client, folder, moved, nextStop, record, recording, run, withFolder, type Stop } from "./client.js";

const SOURCE = fileURLToPath(new URL("../programs/double_free.c", import.meta.url));

let program: string;

withFolder(async () => {
  program = join(folder, "double_free");
  await run("gcc", ["-g", "-O0", "-Wno-use-after-free", SOURCE, "-o", program]);
  await record(program);
});

test("a recording runs to a double free, and from there back to the first release, and to the allocation", async () => {
  const found = await begin({ recording: recording() }, [{ filterId: "double-free", condition: "size == 40" }]);
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
  const end = await begin({ recording: recording() }, [{ filterId: "double-free", condition: "size > 40" }]);
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
async function begin(what: object, filterOptions: DebugProtocol.ExceptionFilterOptions[]): Promise<Stop> {
  const stopped = nextStop();
  const configured = client
    .waitForEvent("initialized")
    .then(() => client.customRequest("setExceptionBreakpoints", { filters: [], filterOptions }))
    .then(() => client.configurationDoneRequest());
  await Promise.all([configured, client.launch(what as DebugProtocol.LaunchRequestArguments)]);
  return stopped;
}

/** What called the allocator. */
async function functionAt(stop: Stop): Promise<string | undefined> {
  const { stackFrames } = (await client.stackTraceRequest({ threadId: stop.threadId ?? 0 })).body;
  return stackFrames[0]?.name;
}
