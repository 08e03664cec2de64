// What is live below the functions of source files, and who calls a line, from a table of call sites. Main entries:
// functionFigures, callersOf, definitionLine. Pure. A call site counts once for each function that its stack passes.
import type { StackLine, TableData, TableRow } from "../../widgets/protocol.ts";
import { addFigures, figuresOf, NONE, type SiteFigures } from "./site-figures.ts";

export interface FunctionFigures extends SiteFigures {
  readonly name: string;
  /** The first of its lines that a stack passes, from 1. */
  readonly line: number;
}

export interface Caller extends SiteFigures {
  readonly name: string;
  /** Empty where there is no source. */
  readonly path: string;
  readonly line: number;
}

const FARTHEST_DEFINITION = 400;

/** By path; undefined when the table is none of call sites. */
export function functionFigures(table: TableData): ReadonlyMap<string, readonly FunctionFigures[]> | undefined {
  const figures = figuresOf(table);
  if (figures === undefined) return undefined;
  const files = new Map<string, Map<string, FunctionFigures>>();
  for (const row of table.rows) {
    for (const { path, function: name, line } of functionsOf(row)) {
      const functions = files.get(path) ?? new Map<string, FunctionFigures>();
      files.set(path, functions);
      const before = functions.get(name) ?? { ...NONE, name, line };
      functions.set(name, { ...addFigures(before, figures(row)), name, line: Math.min(before.line, line) });
    }
  }
  return new Map([...files].map(([path, functions]) => [path, [...functions.values()]]));
}

/** Each once, by the first of its lines in the stack. */
function functionsOf({ detail }: TableRow): StackLine[] {
  const first = new Map<string, StackLine>();
  for (const line of detail) {
    if (line.path === "" || line.line <= 0) continue;
    const key = `${line.path}:${line.function}`;
    const before = first.get(key);
    if (before === undefined || line.line < before.line) first.set(key, line);
  }
  return [...first.values()];
}

/** Who called what allocates below a line, those with the most live bytes first. */
export function callersOf(table: TableData, path: string, line: number, most: number): readonly Caller[] {
  const figures = figuresOf(table);
  if (figures === undefined) return [];
  const callers = new Map<string, Caller>();
  for (const row of table.rows) {
    // Of a function that calls itself, the outermost call: the others call nobody new.
    const at = row.detail.findLastIndex((each) => each.path === path && each.line === line);
    const caller = at === -1 ? undefined : row.detail[at + 1];
    if (caller === undefined) continue;
    const key = `${caller.function} ${caller.path}:${caller.line}`;
    const before = callers.get(key) ?? { ...NONE, name: caller.function, path: caller.path, line: caller.line };
    callers.set(key, { ...before, ...addFigures(before, figures(row)) });
  }
  return [...callers.values()].sort((one, other) => other.liveBytes - one.liveBytes).slice(0, most);
}

/**
 * The line, from 1, on which a function that passes `line` begins: the nearest one above that has its name before a
 * parenthesis and is no statement. The line itself where there is none.
 */
export function definitionLine(textOf: (line: number) => string, line: number, functionName: string): number {
  const name = bareName(functionName);
  if (name === "") return line;
  const head = new RegExp(`(^|[^\\w.>])${name}\\s*(<[^()]*>)?\\s*\\(`);
  for (let at = line; at >= 1 && at > line - FARTHEST_DEFINITION; at--) {
    const text = textOf(at).trimEnd();
    if (head.test(text) && !text.endsWith(";") && !/^\s*(return|else|if|while|for|\/\/|\*)/.test(text)) return at;
  }
  return line;
}

/** `grow` of `store::Table<int>::grow(int) const`; empty where it is no plain name. */
function bareName(name: string): string {
  let plain = name.replaceAll("(anonymous namespace)::", "");
  for (let before = ""; before !== plain;) {
    before = plain;
    plain = plain.replace(/<[^<>]*>/g, "");
  }
  return /([A-Za-z_]\w*)\s*(?:\(.*)?$/s.exec(plain.split("(")[0] ?? "")?.[1] ?? "";
}
