// The processes of this machine that a person may attach to. Main entry: processes. Read from /proc: the extension's host
// runs where the program runs.
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";

export interface RunningProcess {
  readonly pid: number;
  readonly name: string;
  readonly command: string;
}

const PROC = "/proc";

/** Those of this user, all when it is root; the latest first. */
export async function processes(proc = PROC, user = process.getuid?.() ?? 0): Promise<RunningProcess[]> {
  const entries = await readdir(proc).catch(() => []);
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const all = await Promise.all(pids.map(async (pid) => await read(proc, pid, user)));
  return all
    .filter((each) => each !== undefined)
    .filter(({ pid }) => pid !== process.pid)
    .sort((one, other) => other.pid - one.pid);
}

/** Undefined: it has ended, is somebody else's, or is a thread of the kernel. */
async function read(proc: string, pid: number, user: number): Promise<RunningProcess | undefined> {
  try {
    const folder = join(proc, String(pid));
    if (user !== 0 && (await stat(folder)).uid !== user) return undefined;
    const words = (await readFile(join(folder, "cmdline"), "utf8")).split("\0").filter((word) => word !== "");
    const [program] = words;
    return program === undefined ? undefined : { pid, name: basename(program), command: words.join(" ") };
  } catch {
    // It ended between the list and the look.
    return undefined;
  }
}
