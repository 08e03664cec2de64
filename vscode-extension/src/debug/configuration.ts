// What a launch configuration must have before the adapter sees it. Main entries: problemOf, completed. Pure, so that
// each sentence can be tested without an editor. The adapter checks the rest itself.

/** Of 'attachTo': whatever another debugger runs. */
export const ACTIVE = "active";
/** The session of the other debugger, with which ours ends; written by us alone. */
export const FOLLOWED = "__followedSession";
/** So long lasts a session at least: its views open when a short program has ended already. */
const LEAST_SESSION_MILLIS = 5000;

/** A launch.json's entry; whatever people may have written there. */
export type Configuration = Readonly<Record<string, unknown>>;

/** What is wrong with it, in one sentence; empty when nothing is. */
export function problemOf(configuration: Configuration): string {
  if (configuration["request"] === "attach") return problemOfAttach(configuration);
  const { program, recording } = configuration;
  if (recording !== undefined) {
    if (isBlank(recording)) return "'recording' names no folder; choose a recording that HeapAtlas has made.";
    return program === undefined ? "" : "A configuration has a 'program' to run or a 'recording' to replay, not both.";
  }
  if (isBlank(program)) return "'program' names no file; choose the program that HeapAtlas is to watch.";
  if (configuration["args"] !== undefined && !isListOfTexts(configuration["args"])) {
    return '\'args\' is no list of texts; write ["first", "second"].';
  }
  return "";
}

function problemOfAttach(configuration: Configuration): string {
  const { pid, nodes, tls, attachTo } = configuration;
  if (attachTo !== undefined) {
    if (attachTo !== ACTIVE) return `'attachTo' knows "${ACTIVE}" alone: the program that another debugger runs.`;
    const other = pid !== undefined ? "pid" : nodes !== undefined ? "nodes" : "";
    return other === "" ? "" : `A configuration has 'attachTo' or '${other}', not both.`;
  }
  if (nodes !== undefined) {
    if (!isListOfTexts(nodes) || nodes.length === 0) return "'nodes' wants a list of \"host:port\".";
    if (isBlank(tls)) return "'tls' wants the folder with ca.crt, client.crt and client.key.";
    return pid === undefined ? "" : "A configuration has a 'pid' or 'nodes' to attach to, not both.";
  }
  const number = Number(pid);
  if (isBlank(pid) || !Number.isInteger(number) || number <= 0) {
    return "'pid' is no process's number; choose one with ${command:heapatlas.pickProcess}.";
  }
  return "";
}

/** The adapter wants numbers where people and inputs write texts, and time for the views. */
export function completed(configuration: Configuration): Configuration {
  const { request, pid } = configuration;
  if (request === "launch") return { leastSessionMillis: LEAST_SESSION_MILLIS, ...configuration };
  return typeof pid === "string" ? { ...configuration, pid: Number(pid) } : configuration;
}

/** The program of another debugger's session, in the place of 'attachTo'. */
export function following(configuration: Configuration, pid: number, session: string): Configuration {
  return { ...configuration, attachTo: undefined, pid, [FOLLOWED]: session };
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
