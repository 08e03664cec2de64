// Where the nodes and edges of a graph stand, in CSS pixels of the whole picture. Main entry: layoutGraph. Called by
// graph.ts. Pure; tested without a browser. Must hold: it depends on which nodes and edges there are, not on their order
// or values, so that nothing jumps while figures change.
import dagre from "@dagrejs/dagre";
import type { GraphData } from "./graph-data.ts";

export const NODE = { width: 176, height: 42 } as const;
/** Room for an edge's value. */
const LABEL = { width: 58, height: 14 } as const;
const GAP = { rank: 26, node: 14, edge: 8 } as const;
const MARGIN = 12;

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface PlacedEdge {
  readonly points: readonly Point[];
  readonly label: Point;
}
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** The middle of each node, by its id. */
  readonly nodes: ReadonlyMap<string, Point>;
  /** By edgeKey; none of an edge from a node to itself. */
  readonly edges: ReadonlyMap<string, PlacedEdge>;
}

export function edgeKey({ from, to }: { readonly from: string; readonly to: string }): string {
  return JSON.stringify([from, to]);
}

/** The same for graphs that are laid out alike. */
export function shapeOf({ nodes, edges }: GraphData): string {
  return JSON.stringify([nodes.map(({ id }) => id).sort(), edges.map(edgeKey).sort()]);
}

export function layoutGraph(data: GraphData): GraphLayout {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({
    rankdir: "LR",
    ranksep: GAP.rank,
    nodesep: GAP.node,
    edgesep: GAP.edge,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of data.nodes.map(({ id }) => id).sort()) graph.setNode(id, { ...NODE });
  const edges = new Map(data.edges.filter(({ from, to }) => from !== to).map((edge) => [edgeKey(edge), edge]));
  for (const key of [...edges.keys()].sort()) {
    const edge = edges.get(key);
    if (edge !== undefined) graph.setEdge(edge.from, edge.to, { ...LABEL, labelpos: "c" });
  }
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { readonly width?: number; readonly height?: number };
  return {
    width,
    height,
    nodes: new Map(data.nodes.map(({ id }) => [id, pointOf(graph.node(id) as Point)])),
    edges: new Map([...edges].map(([key, { from, to }]) => [key, placed(graph.edge(from, to) as LaidEdge)])),
  };
}

function pointOf({ x, y }: Point): Point {
  return { x, y };
}

interface LaidEdge extends Point {
  readonly points: readonly Point[];
}

function placed(edge: LaidEdge): PlacedEdge {
  return { points: edge.points.map(pointOf), label: pointOf(edge) };
}

/** A smooth line through the points, from the first to the last. */
export function pathOf(points: readonly Point[]): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return "";
  const text = (x: number, y: number): string => `${x.toFixed(1)},${y.toFixed(1)}`;
  let path = `M${text(first.x, first.y)}`;
  for (let at = 1; at < points.length - 1; at++) {
    const [bend, next] = [points[at] ?? last, points[at + 1] ?? last];
    const isLast = at === points.length - 2;
    path += `Q${text(bend.x, bend.y)} ${isLast ? text(last.x, last.y) : text((bend.x + next.x) / 2, (bend.y + next.y) / 2)}`;
  }
  return points.length === 2 ? `${path}L${text(last.x, last.y)}` : path;
}
