// The flame graph's data, typed and checked where it enters. Main entry: parseFlameGraph. Called by protocol.ts; the
// types are read by the flame graph's files. Must hold: columns of one length, in depth-first order.
import { ContractError, type JsonObject } from "./json.ts";
import type { Metric } from "./protocol.ts";

/** The line is of the stack that holds most; signature is the whole name where that says more. */
export interface CallFunction {
  readonly id: string;
  readonly name: string;
  readonly signature: string;
  readonly path: string;
  readonly line: number;
  readonly module: string;
}

/** A tree of calls; node 0 is what was zoomed into, at first all. */
export interface FlameGraphData {
  readonly metrics: readonly Metric[];
  readonly metric: string;
  /** Of all, whatever was zoomed into; aligned with metrics. */
  readonly whole: Float64Array;
  readonly functions: readonly CallFunction[];
  readonly depths: Float64Array;
  readonly functionOf: Float64Array;
  /** 0, or how many callees that are too thin a node stands for; it has no function then. */
  readonly folded: Float64Array;
  /** `totals[m]` holds metric m of all nodes. */
  readonly totals: readonly Float64Array[];
}

/** More than any screen shows, and deeper than any stack that is recorded. */
const MAX_NODES = 2 ** 18;
const MAX_DEPTH = 4096;

export function parseFlameGraph(data: JsonObject): FlameGraphData {
  const graph: FlameGraphData = {
    metrics: data.list("metrics", (m) => ({ id: m.string("id"), title: m.string("title"), unit: m.string("unit") })),
    metric: data.string("metric"),
    whole: data.numbers("whole"),
    functions: data.list("functions", parseFunction),
    depths: data.numbers("depths"),
    functionOf: data.numbers("functionOf"),
    folded: data.numbers("folded"),
    totals: data.numberLists("totals"),
  };
  checkColumns(graph);
  checkTree(graph);
  return graph;
}

export function parseFunction(f: JsonObject): CallFunction {
  return {
    id: f.string("id"),
    name: f.string("name"),
    signature: f.string("signature"),
    path: f.string("path"),
    line: f.number("line"),
    module: f.string("module"),
  };
}

function checkColumns({ metrics, metric, whole, depths, functionOf, folded, totals }: FlameGraphData): void {
  const nodes = depths.length;
  if (nodes > MAX_NODES) throw new ContractError("data.depths", `at most ${MAX_NODES} nodes`, nodes);
  if (!metrics.some(({ id }) => id === metric)) throw new ContractError("data.metric", "one of its metrics", metric);
  if (whole.length !== metrics.length) throw new ContractError("data.whole", "a number a metric", whole);
  if (totals.length !== metrics.length) throw new ContractError("data.totals", "a column a metric", totals);
  for (const column of [functionOf, folded, ...totals]) {
    if (column.length !== nodes) throw new ContractError("data", "columns of one length", column.length);
  }
  for (const total of totals) {
    const wrong = total.find((value) => !(value >= 0 && Number.isFinite(value)));
    if (wrong !== undefined) throw new ContractError("data.totals", "amounts of at least 0", wrong);
  }
}

function checkTree({ functions, depths, functionOf, folded }: FlameGraphData): void {
  depths.forEach((depth, node) => {
    const most = node === 0 ? 0 : (depths[node - 1] ?? 0) + 1;
    const isDepth = Number.isInteger(depth) && depth >= Math.min(node, 1) && depth <= Math.min(most, MAX_DEPTH);
    if (!isDepth) throw new ContractError(`data.depths[${node}]`, `a depth of 1 to ${most}`, depth);
    if ((folded[node] ?? 0) === 0 && functions[functionOf[node] ?? -1] === undefined) {
      throw new ContractError(`data.functionOf[${node}]`, "one of its functions", functionOf[node]);
    }
  });
}
