// Where the nodes of a flame graph lie, what they hold, and which is next to which, apart from pixels. Main entry:
// FlameModel. Called by flame-graph.ts and the painter. Pure; tested without a browser. Coordinates: `start` and `total`
// in the metric's unit from the left edge, rows by depth from the top.
import type { CallFunction, FlameGraphData } from "./flame-graph-data.ts";
import { csv, formatCount } from "./format.ts";
import type { Metric } from "./protocol.ts";

/** What a search found: which nodes, and what they hold together, each byte once. */
export interface Found {
  readonly nodes: ReadonlySet<number>;
  readonly total: number;
}

export class FlameModel {
  readonly metric: Metric;
  readonly totals: Float64Array;
  readonly parents: Int32Array;
  readonly starts: Float64Array;
  /** Nodes of each depth, from left to right. */
  readonly rows: readonly (readonly number[])[];
  private readonly at: number;

  constructor(readonly data: FlameGraphData) {
    this.at = data.metrics.findIndex(({ id }) => id === data.metric);
    this.metric = data.metrics[this.at] ?? { id: "", title: "", unit: "" };
    this.totals = data.totals[this.at] ?? new Float64Array();
    this.parents = new Int32Array(data.depths.length).fill(-1);
    this.starts = new Float64Array(data.depths.length);
    this.rows = this.place();
  }

  get count(): number {
    return this.data.depths.length;
  }

  /** What is zoomed into. */
  get width(): number {
    return this.totals[0] ?? 0;
  }

  /** Callees lie side by side from their caller's left edge on; what it holds itself is left blank at its right. */
  private place(): number[][] {
    const rows: number[][] = [];
    const last: number[] = [];
    const next: number[] = [];
    this.data.depths.forEach((depth, node) => {
      const parent = depth === 0 ? -1 : (last[depth - 1] ?? 0);
      const start = next[depth] ?? 0;
      this.parents[node] = parent;
      this.starts[node] = start;
      last[depth] = node;
      next[depth] = start + this.total(node);
      next[depth + 1] = start;
      (rows[depth] ??= []).push(node);
    });
    return rows;
  }

  total(node: number): number {
    return this.totals[node] ?? 0;
  }

  start(node: number): number {
    return this.starts[node] ?? 0;
  }

  depth(node: number): number {
    return this.data.depths[node] ?? 0;
  }

  parent(node: number): number | undefined {
    const parent = this.parents[node] ?? -1;
    return parent < 0 ? undefined : parent;
  }

  /** None of a node that stands for thin ones. */
  functionOf(node: number): CallFunction | undefined {
    return this.folded(node) > 0 ? undefined : this.data.functions[this.data.functionOf[node] ?? -1];
  }

  folded(node: number): number {
    return this.data.folded[node] ?? 0;
  }

  name(node: number): string {
    return this.functionOf(node)?.name ?? `${formatCount(this.folded(node))} thinner`;
  }

  children(node: number): readonly number[] {
    const inside = this.rows[this.depth(node) + 1] ?? [];
    const first = inside.findIndex((child) => this.parents[child] === node);
    if (first < 0) return [];
    const end = inside.findIndex((child, i) => i > first && this.parents[child] !== node);
    return inside.slice(first, end < 0 ? undefined : end);
  }

  /** What it holds itself, not through what it calls. */
  own(node: number): number {
    return this.total(node) - this.children(node).reduce((sum, child) => sum + this.total(child), 0);
  }

  /** The node of a row that covers a value; none beyond the last, and none in what a caller holds itself. */
  nodeAt(value: number, depth: number): number | undefined {
    const row = this.rows[depth] ?? [];
    let [low, high] = [0, row.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(row[middle] ?? 0) <= value) low = middle;
      else high = middle - 1;
    }
    const node = row[low];
    if (node === undefined || value < this.start(node)) return undefined;
    return value < this.start(node) + this.total(node) ? node : undefined;
  }

  /** Where an arrow key leads: to the caller, the greatest callee, or along the row. */
  step(node: number, key: "up" | "down" | "left" | "right"): number {
    if (key === "up") return this.parent(node) ?? node;
    if (key === "down") return this.children(node)[0] ?? node;
    const row = this.rows[this.depth(node)] ?? [];
    return row[row.indexOf(node) + (key === "left" ? -1 : 1)] ?? node;
  }

  /** From what is zoomed into down to the node. */
  path(node: number): readonly number[] {
    const path = [node];
    for (let at = this.parent(node); at !== undefined; at = this.parent(at)) path.unshift(at);
    return path;
  }

  /** The action's target for zooming into a node; nothing for what is zoomed into already. A thin one lies in its caller. */
  target(node: number): string {
    const into = this.folded(node) > 0 ? (this.parent(node) ?? 0) : node;
    return this.path(into)
      .slice(1)
      .map((each) => this.functionOf(each)?.id ?? "")
      .join(".");
  }

  /** The node with such a path, or as much of it as there is. */
  find(target: string): number {
    let at = 0;
    for (const id of target === "" ? [] : target.split(".")) {
      const next = this.children(at).find((child) => this.functionOf(child)?.id === id);
      if (next === undefined) break;
      at = next;
    }
    return at;
  }

  /** Functions whose name, module or file contains the text, in whatever case; nothing without a text. */
  search(text: string): Found | undefined {
    const wanted = text.trim().toLowerCase();
    if (wanted === "") return undefined;
    const fits = this.data.functions.map(({ name, signature, module, path }) =>
      [name, signature, module, path].some((words) => words.toLowerCase().includes(wanted)),
    );
    const nodes = new Set<number>();
    let total = 0;
    let covered = 0;
    for (let node = 0; node < this.count; node++) {
      if (this.folded(node) > 0 || fits[this.data.functionOf[node] ?? -1] !== true) continue;
      nodes.add(node);
      // In depth-first order a node lies in an earlier one that was found, or wholly behind it.
      if (this.start(node) < covered) continue;
      total += this.total(node);
      covered = this.start(node) + this.total(node);
    }
    return { nodes, total };
  }

  /** The share of all that is there, whatever is zoomed into. */
  shareOfAll(amount: number): number {
    const whole = this.data.whole[this.at] ?? 0;
    return whole > 0 ? amount / whole : 0;
  }

  shareOfParent(node: number): number | undefined {
    const parent = this.parent(node);
    if (parent === undefined) return undefined;
    const total = this.total(parent);
    return total > 0 ? this.total(node) / total : 0;
  }

  /** A line a node: the stack down to it, and what it holds of each metric. */
  csv(): string {
    const { metrics, totals } = this.data;
    return csv([
      ["stack", ...metrics.map(({ title, unit }) => (unit === "" ? title : `${title} (${unit})`))],
      ...Array.from({ length: this.count }, (_, node) => [
        this.path(node)
          .map((each) => this.name(each))
          .join(";"),
        ...totals.map((column) => String(column[node] ?? "")),
      ]),
    ]);
  }
}
