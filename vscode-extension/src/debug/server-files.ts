// The command that starts the server. Main entry: serverCommand. A packaged extension carries the server in its folder
// `server`; one that runs from the sources starts the script beside them, which builds what is lacking.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

const START_UP = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
const ALLOWED = ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"];

/** Whether the extension brings no server, but stands in the sources of one. */
export function runsFromSources(extension: string): boolean {
  return !existsSync(join(extension, "server", "app")) && existsSync(sourceScript(extension));
}

export function sourceScript(extension: string): string {
  return join(extension, "..", "heapatlas");
}

/**
 * What makes later starts answer sooner (StartUpCache in the server): the file, or its name for the server,
 * which makes it at the end of a session. It holds for this Java alone.
 */
async function startUpCache(folder: string, java: string): Promise<readonly string[]> {
  const { mtimeMs } = await stat(java);
  const of = createHash("sha256").update(`${java} ${mtimeMs}`).digest("hex").slice(0, 16);
  const cache = join(folder, `start-up-${of}.aot`);
  // A cache that does not fit is left aside; what Java says of that would get between the adapter's messages.
  return existsSync(cache)
    ? [`-XX:AOTCache=${cache}`, "-XX:AOTMode=auto", "-Xlog:disable", "-Xlog:all=off"]
    : [`-Dheapatlas.startUp=${cache}`];
}

/** Of the unpacked server (unpack.ts), by a Java that is new enough. */
export async function serverCommand(folder: string, java: string, subcommand: readonly string[]): Promise<Command> {
  const server = join(folder, "server");
  const jars = (await readdir(join(server, "app"))).filter((name) => name.endsWith(".jar")).sort();
  if (jars.length === 0) throw new Error("The extension's server is missing; install the extension again.");
  return {
    program: java,
    args: [
      ...START_UP,
      ...(await startUpCache(folder, java)),
      ...ALLOWED,
      `-Dheapatlas.native=${join(server, "native")}`,
      `-Dheapatlas.web=${join(server, "page")}`,
      // Where DuckDB's library lies.
      `-Djava.library.path=${join(server, "app")}`,
      "-cp",
      jars.map((jar) => join(server, "app", jar)).join(delimiter),
      "org.heapatlas.Main",
      ...subcommand,
    ],
  };
}
