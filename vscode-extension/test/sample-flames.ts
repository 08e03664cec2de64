// A flame graph as the server sends it, made by hand and the same at every run, which can be zoomed into. Main entry:
// flames. Called by sample-frames.ts and the flame graph's tests.

interface Call {
  readonly function: number;
  readonly bytes: number;
  readonly callees: Call[];
}

const PACKAGES = ["net", "storage", "index", "query", "std", "codec", "log", "cache"];
const WORDS = ["read", "open", "insert", "merge", "scan", "decode", "grow", "reserve", "append", "copy"];
const FUNCTIONS = 80;
const MODULES = ["/usr/bin/server", "/usr/lib/libstorage.so.2", "/usr/lib/libstdc++.so.6", "/usr/lib/libc.so.6"];
const WHOLE = 64 * 2 ** 20;
/** As a server bounds it. */
const MOST_CALLS = 12_000;

function functionNamed(id: number): object {
  if (id === 0) return { id: "0", name: "All" };
  const own = PACKAGES[id % PACKAGES.length] ?? "";
  const name = `${own}::${WORDS[id % WORDS.length] ?? ""}_${id}`;
  return {
    id: String(id),
    name,
    signature: `${name}(${own}::Buffer const&, std::vector<unsigned char, std::allocator<unsigned char> >)`,
    path: id % 7 === 0 ? "" : `/src/server/${own}/${WORDS[id % WORDS.length] ?? ""}.cc`,
    line: id % 7 === 0 ? 0 : 20 + id * 3,
    module: MODULES[id % MODULES.length],
  };
}

/** Halves, thirds and tenths of what is above, until so many calls are made. */
function tree(calls: number): Call {
  const root: Call = { function: 0, bytes: WHOLE, callees: [] };
  const open: Call[] = [root];
  let made = 1;
  for (let at = 0; at < open.length && made < calls; at++) {
    const call = open[at] as Call;
    for (const share of [0.5, 0.3, 0.1, 0.06]) {
      if (made >= calls) break;
      const callee = { function: 1 + ((made * 7) % FUNCTIONS), bytes: Math.floor(call.bytes * share), callees: [] };
      call.callees.push(callee);
      open.push(callee);
      made++;
    }
  }
  return root;
}

function at(root: Call, path: string): Call {
  let call = root;
  for (const id of path === "" ? [] : path.split(".")) {
    call = call.callees.find((callee) => String(callee.function) === id) ?? call;
  }
  return call;
}

/** What is zoomed into, and the way there; the metric that widths show. */
export interface FlameRequest {
  readonly way: readonly string[];
  readonly metric: string;
}
export const WHOLE_GRAPH: FlameRequest = { way: [], metric: "liveBytes" };

export function flames(calls: number, { way, metric }: FlameRequest): object {
  const zoomed = at(tree(Math.min(calls, MOST_CALLS)), way.at(-1) ?? "");
  const [depths, functionOf, folded, bytes, counts]: number[][] = [[], [], [], [], []];
  const add = (depth: number, of: number, thin: number, total: number): void => {
    depths?.push(depth);
    functionOf?.push(of);
    folded?.push(thin);
    bytes?.push(total);
    counts?.push(Math.ceil(total / 64));
  };
  const walk = (call: Call, depth: number): void => {
    add(depth, call.function, 0, call.bytes);
    for (const callee of call.callees) walk(callee, depth + 1);
    if (call.callees.length === 4) add(depth + 1, 0, 12, Math.floor(call.bytes * 0.01));
  };
  walk(zoomed, 0);
  return {
    metrics: [
      { id: "liveBytes", title: "Live bytes", unit: "B" },
      { id: "liveAllocations", title: "Live allocations", unit: "count" },
    ],
    metric,
    whole: [WHOLE, WHOLE / 64],
    functions: Array.from({ length: FUNCTIONS + 1 }, (_, id) => functionNamed(id)),
    depths,
    functionOf,
    folded,
    totals: [bytes, counts],
  };
}

export function flameCrumbs({ way }: FlameRequest): object[] {
  return [{ title: "All stacks", target: "all" }, ...way.map((path) => ({ title: titleOf(path), target: path }))];
}

function titleOf(path: string): string {
  const id = Number(path.split(".").at(-1));
  return `${PACKAGES[id % PACKAGES.length] ?? ""}::${WORDS[id % WORDS.length] ?? ""}_${id}`;
}
