// What a graph's nodes are to each other, their colours and their words, apart from where they stand. Main entry:
// GraphModel. Called by graph.ts. Pure; tested without a browser.
import { formatExactly, formatQuantity } from "./format.ts";
import type { GraphData, GraphEdge, GraphNode } from "./graph-data.ts";
import type { GraphLayout } from "./graph-layout.ts";
import type { NodeWords } from "./node-tooltip.ts";
import { sourceText } from "./table-model.ts";

/** As many kinds as colours can tell apart; the rest is of one without a hue. */
const MOST_COLOURS = 6;
const [THINNEST, THICKEST] = [1, 7];

export type Direction = "left" | "right" | "up" | "down";

export class GraphModel {
  readonly peak: number;
  /** The kinds that have colours, those with the largest values first; a kind's place is its colour's number. */
  readonly kinds: readonly string[];
  private readonly byId: ReadonlyMap<string, GraphNode>;

  constructor(readonly data: GraphData) {
    this.byId = new Map(data.nodes.map((node) => [node.id, node]));
    this.peak = Math.max(0, ...data.nodes.map(({ value }) => value));
    const sums = new Map<string, number>();
    for (const { kind, value } of data.nodes) if (kind !== "") sums.set(kind, (sums.get(kind) ?? 0) + value);
    this.kinds = [...sums.keys()]
      .sort((one, other) => (sums.get(other) ?? 0) - (sums.get(one) ?? 0) || one.localeCompare(other))
      .slice(0, MOST_COLOURS);
  }

  node(id: string): GraphNode | undefined {
    return this.byId.get(id);
  }

  /** Without hue where there is none. */
  colourOf({ kind }: GraphNode): number | undefined {
    const at = this.kinds.indexOf(kind);
    return at < 0 ? undefined : at;
  }

  amount(value: number): string {
    return formatQuantity(value, this.data.unit);
  }

  /** Others than itself, the largest first. */
  into(id: string): readonly GraphEdge[] {
    return largestFirst(this.data.edges.filter(({ from, to }) => to === id && from !== id));
  }

  outOf(id: string): readonly GraphEdge[] {
    return largestFirst(this.data.edges.filter(({ from, to }) => from === id && to !== id));
  }

  leadsToItself(id: string): boolean {
    return this.data.edges.some(({ from, to }) => from === id && to === id);
  }

  thickness(value: number): number {
    return this.peak > 0 ? THINNEST + (THICKEST - THINNEST) * Math.sqrt(value / this.peak) : THINNEST;
  }

  /** Left and right along the largest edge, up and down to what stands next in the same layer. */
  step(id: string, direction: Direction, layout: GraphLayout): string {
    if (direction === "left") return this.into(id)[0]?.from ?? id;
    if (direction === "right") return this.outOf(id)[0]?.to ?? id;
    const here = layout.nodes.get(id);
    if (here === undefined) return id;
    const sign = direction === "up" ? -1 : 1;
    const beside = [...layout.nodes]
      .filter(([, { x, y }]) => x === here.x && (y - here.y) * sign > 0)
      .sort(([, one], [, other]) => (one.y - other.y) * sign);
    return beside[0]?.[0] ?? id;
  }

  sentence(id: string): string {
    const node = this.node(id);
    if (node === undefined) return "";
    const count = (edges: readonly GraphEdge[], words: string): string => `${edges.length} ${words}`;
    const edges = [count(this.into(id), "into it"), count(this.outOf(id), "out of it")].join(", ");
    return `${node.title}: ${this.amount(node.value)}; edges: ${edges}`;
  }

  words(id: string): NodeWords | undefined {
    const node = this.node(id);
    if (node === undefined) return undefined;
    const figure = (title: string, value: number): NodeWords["figures"][number] => ({
      title,
      text: this.amount(value),
      exact: formatExactly(value, this.data.unit),
    });
    const ends = (edges: readonly GraphEdge[], arrow: string, end: (edge: GraphEdge) => string): NodeWords["figures"] =>
      edges.slice(0, 3).map((edge) => figure(`${arrow} ${this.node(end(edge))?.title ?? ""}`, edge.value));
    return {
      title: node.title,
      place: [sourceText(node.path, node.line), node.text].filter((text) => text !== "").join(" · "),
      figures: [
        figure(this.data.valueTitle, node.value),
        ...ends(this.into(id), "←", ({ from }) => from),
        ...ends(this.outOf(id), "→", ({ to }) => to),
      ],
    };
  }

  edgeSentence(edge: GraphEdge): string {
    const ends = `${this.node(edge.from)?.title ?? ""} → ${this.node(edge.to)?.title ?? ""}`;
    return `${ends}: ${this.amount(edge.value)}${edge.title === "" ? "" : `, ${edge.title}`}`;
  }
}

function largestFirst(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  return [...edges].sort((one, other) => other.value - one.value);
}
