// Which functions of a flame graph have one colour: those of a module, or of a package, which is what a name begins with
// or else the folder of its source. Main entries: groupOf, GroupColours. Called by flame-graph.ts. Pure.
import type { CallFunction } from "./flame-graph-data.ts";
import type { FlameModel } from "./flame-graph-model.ts";

export type Grouping = "module" | "package";

/** As many as can be told apart; the rest is of one colour without a hue. */
const MOST_COLOURS = 6;

export function groupOf(f: CallFunction, by: Grouping): string {
  const module = lastOf(f.module) || "unknown";
  return by === "module" ? module : packageOf(f) || module;
}

function packageOf({ name, path }: CallFunction): string {
  // Arguments of templates have names of their own, and a closure or an operator is no package.
  const plain = /^<?([A-Za-z_]\w*|\(anonymous namespace\))::/.exec(name)?.[1];
  return plain ?? lastOf(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A group with its colour's number; none where there are too many. */
export interface Group {
  readonly name: string;
  readonly colour: number | undefined;
}

/** Gives the largest groups colours, which they keep as long as they are there. */
export class GroupColours {
  private readonly numbers = new Map<string, number>();

  constructor(readonly by: Grouping) {}

  numberOf(f: CallFunction): number | undefined {
    return this.numbers.get(groupOf(f, this.by));
  }

  /** The groups of a graph, those that take most room first. */
  assign(model: FlameModel): readonly Group[] {
    const room = new Map<string, number>();
    const groups = model.data.functions.map((f) => groupOf(f, this.by));
    for (let node = 0; node < model.count; node++) {
      const f = model.functionOf(node);
      // What is zoomed into at first is no function: it lies nowhere.
      if (f === undefined || (f.module === "" && f.path === "")) continue;
      const group = groups[model.data.functionOf[node] ?? -1] ?? "";
      room.set(group, (room.get(group) ?? 0) + model.total(node));
    }
    const ranked = [...room.keys()].sort((one, other) => (room.get(other) ?? 0) - (room.get(one) ?? 0));
    for (const name of this.numbers.keys()) if (!room.has(name)) this.numbers.delete(name);
    for (const name of ranked) if (!this.numbers.has(name)) this.take(name);
    return ranked.map((name) => ({ name, colour: this.numbers.get(name) }));
  }

  private take(name: string): void {
    const taken = new Set(this.numbers.values());
    for (let number = 0; number < MOST_COLOURS; number++) {
      if (taken.has(number)) continue;
      this.numbers.set(name, number);
      return;
    }
  }
}
