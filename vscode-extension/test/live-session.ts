// A real session of the product, as its command line starts it: the program, its page's address, its end. Main entry:
// startSession. Called by the live test and by the script that takes the README's pictures.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const HEAPATLAS = fileURLToPath(new URL("../../heapatlas", import.meta.url));

export interface LiveSession {
  readonly process: ChildProcess;
  /** With the token. */
  readonly page: string;
  /** Waits until it has said this, on either stream. */
  hears(text: string): Promise<void>;
  /** As Ctrl-C ends it; answers once it has ended. */
  end(): Promise<void>;
}

/** Starts `./heapatlas` with these arguments and waits until it has said where its page is. */
export async function startSession(args: readonly string[]): Promise<LiveSession> {
  // Without a screen no browser is opened for the user.
  const env = { ...process.env };
  delete env["DISPLAY"];
  delete env["WAYLAND_DISPLAY"];
  const child = spawn(HEAPATLAS, args, { stdio: ["pipe", "pipe", "pipe"], env });
  let said = "";
  const listeners = new Set<() => void>();
  const page = await new Promise<string>((resolve, reject) => {
    const hear = (text: Buffer): void => {
      said += text.toString();
      for (const listener of listeners) listener();
      const address = /http:\/\/127\.0\.0\.1:\d+\/#token=\w+/.exec(said);
      if (address !== null) resolve(address[0]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("exit", (status) => reject(new Error(`heapatlas ended with status ${status} before its page: ${said}`)));
  });
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGINT");
    await ended;
  };
  const hears = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!said.includes(text)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });
  return { process: child, page, hears, end };
}
