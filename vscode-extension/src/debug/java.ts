// Where a Java that can run the server is. Main entry: findJava. Asked in turn: the setting, the runtime that the
// extension carries, JAVA_HOME, and the PATH; the first one that is new enough wins.
import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** The server's class files are of this release. */
export const LEAST_JAVA = 25;

export interface JavaPlaces {
  /** The setting heapatlas.java.home; empty where nobody set it. */
  readonly setting: string;
  /** The runtime that the extension would carry. */
  readonly bundled: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type JavaSearch =
  | { readonly found: string }
  /** One sentence: what was looked at, and what to do. */
  | { readonly missing: string };

interface Candidate {
  readonly java: string;
  readonly from: string;
}

const run = promisify(execFile);
const PATIENCE_MILLIS = 10_000;

export async function findJava(places: JavaPlaces): Promise<JavaSearch> {
  if (places.setting !== "") return await chosen(places.setting);
  const seen: string[] = [];
  for (const { java, from } of candidates(places)) {
    const release = await releaseOf(java);
    if (release === undefined) continue;
    if (release >= LEAST_JAVA) return { found: java };
    seen.push(`Java ${release} (${from})`);
  }
  const what = seen.length === 0 ? "there is none" : `there is only ${seen.join(", ")}`;
  return { missing: `HeapAtlas needs Java ${LEAST_JAVA} or newer, and ${what}. Install one, or name its folder.` };
}

/** What the user named is taken or refused, never passed over in silence. */
async function chosen(home: string): Promise<JavaSearch> {
  const java = join(home, "bin", "java");
  const release = await releaseOf(java);
  if (release === undefined) return { missing: `There is no Java in '${home}', which heapatlas.java.home names.` };
  if (release >= LEAST_JAVA) return { found: java };
  return {
    missing: `HeapAtlas needs Java ${LEAST_JAVA} or newer; '${home}', which heapatlas.java.home names, has Java ${release}.`,
  };
}

function candidates({ bundled, environment }: JavaPlaces): Candidate[] {
  const home = environment["JAVA_HOME"] ?? "";
  const path = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [
    { java: join(bundled, "bin", "java"), from: "the extension's own" },
    ...(home === "" ? [] : [{ java: join(home, "bin", "java"), from: "JAVA_HOME" }]),
    ...path.map((folder) => ({ java: join(folder, "java"), from: folder })),
  ];
}

/** Undefined when it is not there, or says nothing that can be read. */
async function releaseOf(java: string): Promise<number | undefined> {
  try {
    await access(java, constants.X_OK);
    const { stdout, stderr } = await run(java, ["-version"], { timeout: PATIENCE_MILLIS });
    const release = /version "(\d+)/.exec(stderr + stdout)?.[1];
    return release === undefined ? undefined : Number(release);
  } catch {
    // Whatever stands there is no Java that runs; the search goes on.
    return undefined;
  }
}
