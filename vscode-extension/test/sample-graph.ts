// A graph of calls as the server sends it, made by hand, and what stands around one of its nodes. Main entry: graphOf.
// Called by sample-frames.ts and the graph's tests.

const MIB = 2 ** 20;
const NODES: readonly (readonly [id: string, title: string, mebibytes: number, module: string])[] = [
  ["1", "main", 64, "redis-server"],
  ["2", "aeProcessEvents", 60, "redis-server"],
  ["3", "readQueryFromClient", 44, "redis-server"],
  ["4", "processCommandAndResetClient", 40, "redis-server"],
  ["5", "setGenericCommand", 25, "redis-server"],
  ["6", "lpushCommand", 12, "redis-server"],
  ["7", "serverCron", 14, "redis-server"],
  ["8", "dictResize", 14, "redis-server"],
  ["9", "sdsnewlen", 20, "redis-server"],
  ["10", "zmalloc", 58, "redis-server"],
  ["11", "je_malloc", 58, "libjemalloc.so.2"],
  ["12", "luaM_realloc_", 6, "liblua.so.5"],
  ["13", "initServer", 4, "redis-server"],
];
const EDGES: readonly (readonly [from: string, to: string, mebibytes: number, past?: true])[] = [
  ["1", "2", 60],
  ["1", "13", 4],
  ["2", "3", 44],
  ["2", "7", 14],
  ["3", "4", 40],
  ["4", "5", 25],
  ["4", "6", 12],
  ["4", "12", 3],
  ["4", "4", 2],
  ["5", "9", 14],
  ["5", "10", 11],
  ["6", "9", 6],
  ["6", "10", 6, true],
  ["7", "8", 14],
  ["8", "10", 14],
  ["9", "10", 20],
  ["13", "10", 4],
  ["10", "11", 58],
  ["12", "11", 6],
  ["12", "12", 1],
];

/** All, or only what leads to a node and from it. */
export function graphOf(centre: string): object {
  const near = centre === "" ? undefined : new Set([...reached(centre, 0), ...reached(centre, 1)]);
  const shown = (id: string): boolean => near === undefined || near.has(id);
  return {
    nodes: NODES.filter(([id]) => shown(id)).map(([id, title, mebibytes, module]) => ({
      id,
      title,
      text: module,
      value: mebibytes * MIB,
      kind: module,
      path: module === "redis-server" ? `/usr/src/redis/src/${title}.c` : "",
      line: Number(id) * 10,
    })),
    edges: EDGES.filter(([from, to]) => shown(from) && shown(to)).map(([from, to, mebibytes, past]) => ({
      from,
      to,
      value: mebibytes * MIB,
      title: past === true ? "through functions that are not shown" : "",
    })),
    valueTitle: "Live bytes",
    unit: "B",
    rest: "212 more functions with at most 3.9 MiB not shown; 4 more functions of one caller and one callee only part of an edge",
  };
}

function reached(from: string, end: 0 | 1): ReadonlySet<string> {
  const found = new Set([from]);
  for (const id of found) for (const edge of EDGES) if (edge[1 - end] === id) found.add(edge[end]);
  return found;
}

export function graphCrumbs(way: readonly string[]): object[] {
  const title = (target: string): string => NODES.find(([id]) => id === target)?.[1] ?? target;
  return [{ title: "All functions", target: "all" }, ...way.map((target) => ({ title: title(target), target }))];
}
