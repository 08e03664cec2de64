// The graph's data, typed and checked where it enters. Main entry: parseGraph. Called by protocol.ts; the types are read
// by the graph's files. Must hold: ids are one node's each, and an edge leads from a node to a node.
import { ContractError, type JsonObject } from "./json.ts";

export interface GraphNode {
  readonly id: string;
  readonly title: string;
  /** A second line. */
  readonly text: string;
  readonly value: number;
  /** Nodes of one kind have one colour. */
  readonly kind: string;
  readonly path: string;
  readonly line: number;
}
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly value: number;
  /** What is to be said of it beside its value. */
  readonly title: string;
}
/** Laid out in layers, from left to right. `rest` says what is left out. */
export interface GraphData {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly valueTitle: string;
  readonly unit: string;
  readonly rest: string;
}

/** More than can be told apart, and more than can be laid out while someone waits. */
const MAX_NODES = 500;
const MAX_EDGES = 4000;

export function parseGraph(data: JsonObject): GraphData {
  const graph: GraphData = {
    nodes: data.list("nodes", (n) => ({
      id: n.string("id"),
      title: n.string("title"),
      text: n.string("text"),
      value: n.number("value"),
      kind: n.string("kind"),
      path: n.string("path"),
      line: n.number("line"),
    })),
    edges: data.list("edges", (e) => ({
      from: e.string("from"),
      to: e.string("to"),
      value: e.number("value"),
      title: e.string("title"),
    })),
    valueTitle: data.string("valueTitle"),
    unit: data.string("unit"),
    rest: data.string("rest"),
  };
  check(graph);
  return graph;
}

function check({ nodes, edges }: GraphData): void {
  if (nodes.length > MAX_NODES) throw new ContractError("data.nodes", `at most ${MAX_NODES} nodes`, nodes.length);
  if (edges.length > MAX_EDGES) throw new ContractError("data.edges", `at most ${MAX_EDGES} edges`, edges.length);
  const ids = new Set(nodes.map(({ id }) => id));
  if (ids.size < nodes.length) throw new ContractError("data.nodes", "a different id a node", "");
  for (const { from, to } of edges) {
    if (!ids.has(from)) throw new ContractError("data.edges.from", "the id of a node", from);
    if (!ids.has(to)) throw new ContractError("data.edges.to", "the id of a node", to);
  }
  for (const { value } of [...nodes, ...edges]) {
    if (!(value >= 0 && Number.isFinite(value)))
      throw new ContractError("data.value", "an amount of at least 0", value);
  }
}
