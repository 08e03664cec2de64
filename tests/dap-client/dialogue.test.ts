// The debug adapter as a client sees it that is not ours: the one that VS Code's authors test adapters with. It knows
// nothing of HeapAtlas, so what passes here holds for any client of the protocol. Run by './heapatlas test'.
import type { DebugProtocol } from "@vscode/debugprotocol";
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, client, leave, next, PATIENCE_MILLIS, withClient } from "./client.js";

/** Says which block it holds, and then holds it until it is told to end. */
const HOLDER = "import time; block = bytearray(7654321); print('holding', flush=True); time.sleep(600)";

type Launch = DebugProtocol.LaunchRequestArguments & { program: string; args?: string[] };

withClient();

test("a program is launched, looked into while it lives, and ended by disconnecting", async () => {
  const program = next<DebugProtocol.ProcessEvent>("process");
  const holding = client.assertOutput("stdout", "holding", PATIENCE_MILLIS);
  await Promise.all([
    client.configurationSequence(),
    launch({ program: "/usr/bin/python3", args: ["-c", HOLDER] }),
    holding,
  ]);
  const pid = (await program).body.systemProcessId;
  assert.ok(pid !== undefined);
  assert.ok(isAlive(pid));

  const { threads } = (await client.threadsRequest()).body;
  assert.ok(threads.length >= 1);
  await poll(
    () => ask("top"),
    (answer) => answer.includes("7.3 MiB"),
  );

  await leave();
  await poll(
    () => isAlive(pid),
    (alive) => !alive,
  );
});

test("a program that ends by itself hands over its own status and every byte of its output", async () => {
  const written: string[] = [];
  client.on("output", ({ body }: DebugProtocol.OutputEvent) => {
    if (body.category === "stdout") {
      written.push(body.output);
    }
  });
  const exited = next<DebugProtocol.ExitedEvent>("exited");
  const terminated = next<DebugProtocol.TerminatedEvent>("terminated");
  await Promise.all([
    client.configurationSequence(),
    launch({ program: "/bin/sh", args: ["-c", "seq 1 20000; exit 5"] }),
  ]);
  assert.equal((await exited).body.exitCode, 5);
  await terminated;
  const lines = Array.from({ length: 20_000 }, (_, i) => `${i + 1}\n`);
  assert.equal(written.join(""), lines.join(""));
});

test("what cannot be started is refused with a message that names it", async () => {
  await client.initializeRequest();
  const nothing: Launch = { program: "/no/such/program" };
  await assert.rejects(client.launchRequest(nothing), /\/no\/such\/program/);
});

/** Introduces the client, and launches. */
function launch(program: Launch): Promise<DebugProtocol.LaunchResponse> {
  return client.launch(program);
}

/** Asks until the answer fits; the deadline is for an answer that never comes. */
async function poll<Answer>(
  question: () => Answer | Promise<Answer>,
  fits: (answer: Answer) => boolean,
): Promise<Answer> {
  const deadline = Date.now() + PATIENCE_MILLIS;
  for (;;) {
    const answer = await question();
    if (fits(answer)) {
      return answer;
    }
    assert.ok(Date.now() < deadline, `the last answer was: ${String(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    assert.ok(error instanceof Error && "code" in error);
    assert.equal(error.code, "ESRCH");
    return false;
  }
}
