// What a recording's folder says of itself without being opened. Main entries: describe, findRecordings. It is
// untrusted: whatever is not as expected is left out.
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";

export interface Recording {
  readonly folder: string;
  readonly name: string;
  /** As it was started; empty where the folder does not say. */
  readonly program: string;
  /** Milliseconds since 1970; 0: not known. */
  readonly begun: number;
  readonly bytes: number;
}

const DESCRIPTION = "recording.json";
const LARGEST_DESCRIPTION = 1 << 20;
const DEEPEST = 4;
const MOST = 200;
const LEFT_OUT = new Set(["node_modules", ".git", "target", "build", "dist"]);

/** The recordings in and below a folder, the latest first. */
export async function findRecordings(folder: string): Promise<Recording[]> {
  const found: Recording[] = [];
  await look(folder, DEEPEST, found);
  return found.sort((one, other) => other.begun - one.begun);
}

async function look(folder: string, depth: number, found: Recording[]): Promise<void> {
  if (found.length >= MOST) return;
  const recording = await describe(folder);
  if (recording !== undefined) {
    found.push(recording);
    return;
  }
  if (depth === 0) return;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) await look(join(folder, entry.name), depth - 1, found);
  }
}

/** Undefined: it is none. */
export async function describe(folder: string): Promise<Recording | undefined> {
  try {
    const file = join(folder, DESCRIPTION);
    const { size } = await stat(file);
    if (size > LARGEST_DESCRIPTION) return undefined;
    const told: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof told !== "object" || told === null) return undefined;
    const { program, started } = told as { readonly program?: unknown; readonly started?: unknown };
    return {
      folder,
      name: basename(folder),
      program: typeof program === "string" ? program : "",
      begun: typeof started === "number" ? started * 1000 : 0,
      bytes: await bytesIn(folder, 3),
    };
  } catch {
    // Not there, not readable, or no JSON: no recording that could be offered.
    return undefined;
  }
}

async function bytesIn(folder: string, depth: number): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth > 0 ? await bytesIn(path, depth - 1) : 0;
    return entry.isFile() ? (await stat(path).catch(() => ({ size: 0 }))).size : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
